namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// ln of the sum of exp(z / T) of one row, in parts, so that a score can be taken from it without loss even where both are huge.
/// </summary>
internal readonly struct LogNormalizer(float offset, double remainder, float temperature = 1f)
{
    public LogNormalizer(in RowSum sum, float temperature = 1f)
        : this(sum.Offset, Math.Log(sum.Value) - sum.Excess, temperature)
    {
    }

    /// <summary>The log-sum-exp itself; NaN when the row has no softmax.</summary>
    public double Value => (offset / (double)temperature) + remainder;

    /// <summary>log-sum-exp - z / T, which is -ln p of that score, and never below 0.</summary>
    public double Above(float score) => Math.Max(0.0, (((double)offset - score) / temperature) + remainder);

    /// <summary>How much too large the logarithm is of a sum shifted by a power.</summary>
    public static double Excess(float power) => power * NaturalLogarithmOfTwo.Value;
}
