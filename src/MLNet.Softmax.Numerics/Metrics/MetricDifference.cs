namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>One figure of the same rows under two models.</summary>
/// <param name="Metric">The figure.</param>
/// <param name="Before">Its value under the first.</param>
/// <param name="After">Its value under the second.</param>
/// <param name="Interval">The bootstrap interval of after - before.</param>
public readonly record struct MetricDifference(HeadlineMetric Metric, double Before, double After, ConfidenceInterval Interval)
{
    /// <summary>After - before.</summary>
    public double Difference => After - Before;

    /// <summary>Whether the rows tell the two apart: zero lies outside the interval.</summary>
    public bool IsReal => Interval.Lower > 0 || Interval.Upper < 0;

    /// <summary>Whether the difference is real and for the better.</summary>
    public bool IsImprovement => IsReal && Difference > 0 == HeadlineMetrics.IsHigherBetter(Metric);
}
