using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The kernels on one path, and the selector that says which path this machine takes.</summary>
internal abstract class RowKernels
{
    /// <summary>
    /// The widest path that the hardware accelerates. Read-only, so that calls through it are direct once compiled at full optimisation.
    /// </summary>
    public static readonly RowKernels Best = On(
        Vector512.IsHardwareAccelerated ? KernelPath.Vector512
        : Vector256.IsHardwareAccelerated ? KernelPath.Vector256
        : Vector128.IsHardwareAccelerated ? KernelPath.Vector128
        : KernelPath.Scalar);

    /// <summary>The kernels on a given path: right on every machine, fast where the hardware has that width.</summary>
    public static RowKernels On(KernelPath path) => path switch
    {
        KernelPath.Vector512 => new RowKernels<Lanes512>(),
        KernelPath.Vector256 => new RowKernels<Lanes256>(),
        KernelPath.Vector128 => new RowKernels<Lanes128>(),
        _ => new RowKernels<Lanes32>(),
    };

    /// <summary>Writes the softmax of one row.</summary>
    public abstract void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature);

    /// <summary>Finds the normalisers of rows that follow each other and are not empty, at temperature 1.</summary>
    public abstract void Normalizers(ReadOnlySpan<float> scores, int classCount, Span<LogNormalizer> normalizers);

    /// <summary>The same, and writes their softmax.</summary>
    public abstract void SoftmaxAndNormalizers(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, Span<LogNormalizer> normalizers);

    /// <summary>Returns ln of the sum of exp(z / T).</summary>
    public abstract double LogSumExp(ReadOnlySpan<float> scores, float temperature);

    /// <summary>Writes the log-softmax of one row.</summary>
    public abstract void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature);

    /// <summary>Writes the softmax of rows that follow each other.</summary>
    public abstract void SoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, float temperature, bool isOutOfCache);

    /// <summary>Writes the log-softmax of rows that follow each other.</summary>
    public abstract void LogSoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> logProbabilities, int classCount, float temperature, bool isOutOfCache);

    /// <summary>Writes the k largest of each row, k at most the class count, with their indices in the row.</summary>
    public abstract void TopK(ReadOnlySpan<float> scores, int classCount, int k, Span<int> indices, Span<float> values);
}
