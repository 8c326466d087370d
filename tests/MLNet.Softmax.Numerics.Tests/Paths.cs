namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Every vector width; each runs on every machine.</summary>
internal static class Paths
{
    public static IEnumerable<RowKernels> All => Enum.GetValues<KernelPath>().Select(RowKernels.On);

    public static TheoryData<string> Names => [.. Enum.GetNames<KernelPath>()];

    public static RowKernels Named(string name) => RowKernels.On(Enum.Parse<KernelPath>(name));
}
