namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>ln of the sum of exp(z / T) of one row, in parts, so that a score can be taken from it without loss even where both are huge.</summary>
internal readonly struct LogNormalizer(RowShift shift, double sum, float temperature = 1f)
{
    private readonly double remainder = Math.Log(sum) - (shift.Power * 0.6931471805599453);

    /// <summary>The log-sum-exp itself; NaN when the row has no softmax.</summary>
    public double Value => (shift.Offset / (double)temperature) + remainder;

    /// <summary>log-sum-exp - z / T, which is -ln p of that score.</summary>
    public double Above(float score) => (((double)shift.Offset - score) / temperature) + remainder;
}
