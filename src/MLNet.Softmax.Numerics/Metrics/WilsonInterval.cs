namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The interval of a share of rows. It stays within 0 and 1 and holds for few rows and for shares of 0 and 1, where the
/// normal approximation collapses to a point.
/// </summary>
/// <remarks>Wilson, "Probable inference, the law of succession, and statistical inference" (1927).</remarks>
public static class WilsonInterval
{
    /// <summary>Computes the interval.</summary>
    /// <param name="share">The observed share, from 0 to 1.</param>
    /// <param name="count">How many rows it was observed on; for weighted rows their effective number, (sum w)^2 / sum w^2.</param>
    /// <param name="level">The confidence level, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds where <paramref name="count"/> is not positive or <paramref name="share"/> is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public static ConfidenceInterval Compute(double share, double count, double level = 0.95)
    {
        var z = NormalDistribution.TwoSidedQuantile(level);
        if (!(count > 0) || double.IsNaN(share))
            return new ConfidenceInterval(double.NaN, double.NaN, level);

        var squared = z * z / count;
        var centre = (share + (squared / 2)) / (1 + squared);
        var reach = z / (1 + squared) * Math.Sqrt((Math.Max(0, share * (1 - share)) / count) + (squared / (4 * count)));
        return new ConfidenceInterval(Math.Max(0, centre - reach), Math.Min(1, centre + reach), level);
    }
}
