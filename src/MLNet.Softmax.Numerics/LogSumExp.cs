using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>ln of the sum of exp(z / T): the smooth maximum, and the normaliser of the softmax.</summary>
public static class LogSumExp
{
    /// <summary>Computes ln(sum of exp(scores / temperature)) without overflow.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="temperature">Finite and greater than 0.</param>
    /// <returns>
    /// The value in nats; NaN when a score is NaN, else +infinity when one is +infinity; -infinity when all are -infinity or there are none
    /// (as PyTorch's and SciPy's logsumexp).
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite, or not greater than 0.</exception>
    public static float Compute(ReadOnlySpan<float> scores, float temperature = 1f)
    {
        return Compute(RowKernels.Best, scores, temperature);
    }

    internal static float Compute(RowKernels kernels, ReadOnlySpan<float> scores, float temperature)
    {
        Guard.Temperature(temperature);
        return (float)kernels.LogSumExp(scores, temperature);
    }
}
