using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The kernels on one path, and the selector that says which path this machine takes. These are the scalar ones, in double precision: for
/// machines without vectors. Each vector width overrides them, but for temperatures so extreme that floats would overflow or lose digits.
/// </summary>
internal unsafe class RowKernels
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
        _ => new RowKernels(),
    };

    /// <summary>Writes the softmax of one row.</summary>
    public virtual void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature)
        => DoublePrecisionRow.Softmax(scores, probabilities, temperature);

    /// <summary>Writes the log-softmax of one row.</summary>
    public virtual void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature)
        => DoublePrecisionRow.LogSoftmax(scores, logProbabilities, temperature);

    /// <summary>Returns ln of the sum of exp(z / T).</summary>
    public virtual double LogSumExp(ReadOnlySpan<float> scores, float temperature)
        => DoublePrecisionRow.LogSumExp(scores, temperature);

    /// <summary>Writes the softmax of rows that follow each other.</summary>
    public virtual void SoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, float temperature, bool isOutOfCache)
    {
        for (var start = 0; start < scores.Length; start += classCount)
            DoublePrecisionRow.Softmax(scores.Slice(start, classCount), probabilities.Slice(start, classCount), temperature);
    }

    /// <summary>Writes the log-softmax of rows that follow each other.</summary>
    public virtual void LogSoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> logProbabilities, int classCount, float temperature, bool isOutOfCache)
    {
        for (var start = 0; start < scores.Length; start += classCount)
            DoublePrecisionRow.LogSoftmax(scores.Slice(start, classCount), logProbabilities.Slice(start, classCount), temperature);
    }

    /// <summary>Finds the normalisers of rows that follow each other and are not empty, at temperature 1.</summary>
    public virtual void Normalizers(ReadOnlySpan<float> scores, int classCount, Span<LogNormalizer> normalizers)
    {
        for (var row = 0; row < scores.Length / classCount; row++)
            normalizers[row] = DoublePrecisionRow.Normalizer(scores.Slice(row * classCount, classCount));
    }

    /// <summary>The same, and writes their softmax.</summary>
    public virtual void SoftmaxAndNormalizers(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, Span<LogNormalizer> normalizers)
    {
        // In place, the scores are gone once the probabilities are written.
        Normalizers(scores, classCount, normalizers);
        SoftmaxRows(scores, probabilities, classCount, 1f, isOutOfCache: false);
    }

    /// <summary>Writes the k largest of each row, k at most the class count, with their indices in the row.</summary>
    public virtual void TopK(ReadOnlySpan<float> scores, int classCount, int k, Span<int> indices, Span<float> values)
    {
        fixed (float* input = scores, outputValues = values)
        fixed (int* outputIndices = indices)
        {
            for (nint row = 0; row < scores.Length / classCount; row++)
                TopKSort.Write(input + (row * classCount), classCount, k, outputIndices + (row * k), outputValues + (row * k));
        }
    }
}
