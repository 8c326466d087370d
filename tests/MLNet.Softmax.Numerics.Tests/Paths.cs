namespace MLNet.Softmax.Numerics.Tests;

/// <summary>The vector widths that tests force: each of them, which runs on every machine, or those that KERNEL_PATHS names.</summary>
internal static class Paths
{
    private static readonly KernelPath[] Forced = Environment.GetEnvironmentVariable("KERNEL_PATHS") is { Length: > 0 } names
        ? [.. names.Split(',').Select(Enum.Parse<KernelPath>)]
        : Enum.GetValues<KernelPath>();

    public static IEnumerable<RowKernels> All => Forced.Select(RowKernels.On);

    public static TheoryData<string> Names => [.. Forced.Select(path => path.ToString())];

    public static RowKernels Named(string name) => RowKernels.On(Enum.Parse<KernelPath>(name));

    public static bool IsScalar(string name) => name == nameof(KernelPath.Scalar);

    /// <summary>The class counts to try on a path: two of them without vectors, where one plain and slow loop takes every batch.</summary>
    public static int[] ClassCounts(string name, int first, int second, params int[] others) =>
        IsScalar(name) ? [first, second] : [first, second, .. others];
}

/// <summary>Tests that run once on each path.</summary>
public abstract class OnEveryPath
{
    public static TheoryData<string> AllPaths => Paths.Names;
}

/// <summary>Softmax or log-softmax on one path: of one row, and of a batch.</summary>
internal sealed record PathKernel(PathKernel.OneRow Compute, PathKernel.ManyRows Rows)
{
    public delegate void OneRow(ReadOnlySpan<float> scores, Span<float> destination);

    public delegate void ManyRows(
        ReadOnlySpan<float> scores, int classCount, Span<float> destination, float temperature = 1f, int threads = 1);

    public static PathKernel[] Both(RowKernels kernels) =>
    [
        new((scores, destination) => Softmax.Compute(kernels, scores, destination, 1f),
            (scores, classCount, destination, temperature, threads) =>
                Softmax.Rows(kernels, scores, classCount, destination, temperature, threads)),
        new((scores, destination) => LogSoftmax.Compute(kernels, scores, destination, 1f),
            (scores, classCount, destination, temperature, threads) =>
                LogSoftmax.Rows(kernels, scores, classCount, destination, temperature, threads)),
    ];
}
