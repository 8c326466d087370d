using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>Turns scores (logits) into probabilities: exp(z / T) divided by the sum of exp(z / T) over the row.</summary>
/// <remarks>
/// It never overflows, for scores of any magnitude. NaN or +infinity anywhere in a row gives a row of NaN, as in PyTorch and SciPy;
/// -infinity gives exactly 0; a row in which every score is -infinity gives NaN; an empty row stays empty; a single class gives 1. The
/// relative error of each probability is at most 5e-7 against double precision (probabilities below 1.17549435e-38 may become 0). A search
/// for the hardest rows, with one score far above many equal ones, found no larger error.
/// </remarks>
public static class Softmax
{
    /// <summary>Writes the softmax of one row.</summary>
    /// <param name="scores">One score per class; the remarks of <see cref="Softmax"/> describe infinities and NaN.</param>
    /// <param name="probabilities">At least as long as <paramref name="scores"/>; may be exactly the same memory.</param>
    /// <param name="temperature">
    /// Finite and greater than 0. Above 1 it flattens the distribution, below 1 it sharpens it (Guo et al. 2017).
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite, or not greater than 0.</exception>
    /// <exception cref="ArgumentException">
    /// The destination is too short, or overlaps the scores without starting at the same address.
    /// </exception>
    public static void Compute(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature = 1f) =>
        Compute(RowKernels.Best, scores, probabilities, temperature);

    internal static void Compute(RowKernels kernels, ReadOnlySpan<float> scores, Span<float> probabilities, float temperature)
    {
        Guard.Temperature(temperature);
        kernels.Softmax(scores, Guard.Destination(scores, probabilities), temperature);
    }

    /// <summary>Writes the softmax of each of many rows that are contiguous in memory.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="probabilities">At least as long as <paramref name="scores"/>; may be exactly the same memory.</param>
    /// <param name="temperature">Finite and greater than 0.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature, the
    /// class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">The number of scores is not a multiple of the class count,
    /// or the destination is too short or overlaps them at an offset.</exception>
    public static void Rows(
        ReadOnlySpan<float> scores, int classCount, Span<float> probabilities, float temperature = 1f, int maxDegreeOfParallelism = 1)
        => Rows(RowKernels.Best, scores, classCount, probabilities, temperature, maxDegreeOfParallelism);

    internal static void Rows(RowKernels kernels, ReadOnlySpan<float> scores, int classCount,
        Span<float> probabilities, float temperature, int maxDegreeOfParallelism)
    {
        Guard.Temperature(temperature);
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        RowPartition.Run(kernels, scores, Guard.Destination(scores, probabilities), classCount, threads, temperature,
            static (kernels, input, output, classes, temperature, isOutOfCache) =>
            kernels.SoftmaxRows(input, output, classes, temperature, isOutOfCache));
    }
}

/// <summary>The natural logarithm of the softmax, computed directly as z / T - logsumexp(z / T).</summary>
/// <remarks>
/// A score far below the largest still has a finite logarithm, although its softmax would be 0. NaN or +infinity anywhere in a row gives a
/// row of NaN; -infinity gives -infinity; a row in which every score is -infinity gives NaN; an empty row stays empty; a single class gives
/// 0.
/// </remarks>
public static class LogSoftmax
{
    /// <summary>Writes the log-softmax of one row, in nats.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="logProbabilities">At least as long as <paramref name="scores"/>;
    /// may be exactly the same memory. Receives values in [-infinity, 0].</param>
    /// <param name="temperature">Finite and greater than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite, or not greater than 0.</exception>
    /// <exception cref="ArgumentException">
    /// The destination is too short, or overlaps the scores without starting at the same address.
    /// </exception>
    public static void Compute(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature = 1f) =>
        Compute(RowKernels.Best, scores, logProbabilities, temperature);

    internal static void Compute(RowKernels kernels, ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature)
    {
        Guard.Temperature(temperature);
        kernels.LogSoftmax(scores, Guard.Destination(scores, logProbabilities), temperature);
    }

    /// <summary>Writes the log-softmax of each of many rows that are contiguous in memory.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="logProbabilities">At least as long as <paramref name="scores"/>; may be exactly the same memory.</param>
    /// <param name="temperature">Finite and greater than 0.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The temperature, the
    /// class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">The number of scores is not a multiple of the class count,
    /// or the destination is too short or overlaps them at an offset.</exception>
    public static void Rows(
        ReadOnlySpan<float> scores, int classCount, Span<float> logProbabilities, float temperature = 1f, int maxDegreeOfParallelism = 1)
        => Rows(RowKernels.Best, scores, classCount, logProbabilities, temperature, maxDegreeOfParallelism);

    internal static void Rows(RowKernels kernels, ReadOnlySpan<float> scores, int classCount,
        Span<float> logProbabilities, float temperature, int maxDegreeOfParallelism)
    {
        Guard.Temperature(temperature);
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        RowPartition.Run(kernels, scores, Guard.Destination(scores, logProbabilities), classCount, threads, temperature,
            static (kernels, input, output, classes, temperature, isOutOfCache) =>
            kernels.LogSoftmaxRows(input, output, classes, temperature, isOutOfCache));
    }
}

/// <summary>The natural logarithm of the sum of exp(z / T): a smooth maximum, and the normaliser of the softmax.</summary>
public static class LogSumExp
{
    /// <summary>Computes ln(sum of exp(scores / temperature)) without overflow.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="temperature">Finite and greater than 0.</param>
    /// <returns>
    /// The value in nats; NaN if a score is NaN, otherwise +infinity if a score is +infinity; -infinity if all are -infinity or there are
    /// none (like PyTorch's and SciPy's logsumexp).
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite, or not greater than 0.</exception>
    public static float Compute(ReadOnlySpan<float> scores, float temperature = 1f) =>
        Compute(RowKernels.Best, scores, temperature);

    internal static float Compute(RowKernels kernels, ReadOnlySpan<float> scores, float temperature)
    {
        Guard.Temperature(temperature);
        return (float)kernels.LogSumExp(scores, temperature);
    }
}
