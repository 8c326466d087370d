using MLNet.Softmax.Numerics.Metrics;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>The evaluation in two sentences: how often the model is right, and whether it knows.</summary>
internal static class Verdict
{
    public static string Of(ProbabilityMetrics metrics)
    {
        if (metrics.RowsUsed == 0)
            return "There were no rows to evaluate on.";
        string scope = $"On {Count(metrics.RowsUsed)} rows of {Count(metrics.ClassCount)} classes, "
            + $"the model is right {Percent(metrics.MicroAccuracy)} of the time and claims {Percent(metrics.MeanConfidence)}: ";
        double excess = metrics.MeanConfidence - metrics.MicroAccuracy;
        string points = Decimal(Math.Abs(excess) * 100, 1) + " percentage points";
        if (metrics.IntervalOf(HeadlineMetric.MicroAccuracy) is { } interval && interval.Contains(metrics.MeanConfidence))
            return scope + "on average the two agree, as far as these rows can tell.";
        return scope + (excess > 0 ? $"it is too sure of itself, by {points}." : $"it is more cautious than it needs to be, by {points}.");
    }
}
