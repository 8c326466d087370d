namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>A range that holds the true value of a figure with a stated confidence.</summary>
/// <param name="Lower">The lower bound; NaN where there is nothing to go by.</param>
/// <param name="Upper">The upper bound; NaN where there is nothing to go by.</param>
/// <param name="Level">The confidence, between 0 and 1; 0.95 for a 95 % interval.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper, double Level)
{
    /// <summary>Whether a value lies within the bounds, the bounds included.</summary>
    /// <param name="value">Any value; NaN lies in no interval.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(double value) => value >= Lower && value <= Upper;

    /// <summary>mean +- z * standard error: the interval of a mean of many rows.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds where <paramref name="standardError"/> is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public static ConfidenceInterval OfMean(double mean, double standardError, double level)
    {
        var reach = NormalDistribution.TwoSidedQuantile(level) * standardError;
        return new ConfidenceInterval(mean - reach, mean + reach, level);
    }
}
