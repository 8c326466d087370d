using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>The path that this machine takes.</summary>
public class BestPathTests
{
    /// <summary>
    /// CI runs the suite with instructions switched off, and says in BEST_PATH which width is left: a switch that no longer works fails.
    /// </summary>
    [Fact]
    public void Best_OfThisMachine_IsTheWidestOrTheOneThatBestPathNames()
    {
        var expected = Environment.GetEnvironmentVariable("BEST_PATH") is { Length: > 0 } name ? Enum.Parse<KernelPath>(name)
            : Vector512.IsHardwareAccelerated ? KernelPath.Vector512
            : Vector256.IsHardwareAccelerated ? KernelPath.Vector256
            : Vector128.IsHardwareAccelerated ? KernelPath.Vector128
            : KernelPath.Scalar;
        Assert.Equal(RowKernels.On(expected).GetType(), RowKernels.Best.GetType());
    }
}
