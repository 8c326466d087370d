namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>A range that holds the true value of a figure with a stated confidence.</summary>
/// <param name="Lower">The lower bound; NaN if there is nothing to estimate it from.</param>
/// <param name="Upper">The upper bound; NaN if there is nothing to estimate it from.</param>
/// <param name="Level">The confidence, between 0 and 1; 0.95 for a 95 % interval.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper, double Level)
{
    /// <summary>Whether a value lies within the bounds, the bounds included.</summary>
    /// <param name="value">Any value; NaN lies in no interval.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(double value) => value >= Lower && value <= Upper;

    /// <summary>The interval of a mean of many rows: mean ± z · standard error.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds if <paramref name="standardError"/> is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public static ConfidenceInterval OfMean(double mean, double standardError, double level = 0.95)
    {
        var reach = NormalDistribution.TwoSidedQuantile(level) * standardError;
        return new ConfidenceInterval(mean - reach, mean + reach, level);
    }

    /// <summary>
    /// The Wilson interval of a share of rows. It stays within 0 and 1 and holds for few rows and for shares of 0 and 1, for which the
    /// normal approximation collapses to a point.
    /// </summary>
    /// <param name="share">The observed share, from 0 to 1.</param>
    /// <param name="count">How many rows it was observed on; for weighted rows their effective number, (sum w)^2 / sum w^2.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds if <paramref name="count"/> is not positive or <paramref name="share"/> is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    /// <remarks>Wilson, "Probable inference, the law of succession, and statistical inference" (1927).</remarks>
    public static ConfidenceInterval OfShare(double share, double count, double level = 0.95)
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
