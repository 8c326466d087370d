using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>Before and after, and which differences are real.</summary>
internal static class ComparisonSection
{
    private static readonly ReportTable Table = new(
        "The same rows before and after",
        new("Figure", IsNumber: false), new("Before"), new("After"), new("Verdict", IsNumber: false), new("Difference"), new("Interval"));

    public static void Write(MarkupWriter markup, ProbabilityComparison? comparison)
    {
        if (comparison is not null)
            ReportSection.WriteTable(markup, "What changed", Introduction(comparison), Table, comparison.Differences.Select(Cells));
    }

    private static string Introduction(ProbabilityComparison comparison)
    {
        string notCompared = comparison.RowsOnlyBefore + comparison.RowsOnlyAfter == 0
            ? ""
            : $" Rows that only one of the two was evaluated on are not compared: {Count(comparison.RowsOnlyBefore)} before, "
                + $"{Count(comparison.RowsOnlyAfter)} after.";
        return $"Both on the same {Count(comparison.Rows)} rows; {FigureText.Level(comparison.ConfidenceLevel)} intervals of the "
            + $"difference from {Count(comparison.Resamples)} paired resamples. A difference whose interval holds zero may be chance."
            + notCompared;
    }

    private static string[] Cells(MetricDifference difference)
    {
        var (metric, interval) = (difference.Metric, difference.Interval);
        return
        [
            MetricsText.Name(metric), FigureText.Of(metric, difference.Before), FigureText.Of(metric, difference.After),
            ProbabilityComparison.Verdict(difference, "▲ better", "▼ worse"),
            FigureText.Difference(metric, difference.Difference),
            Interval(FigureText.Difference(metric, interval.Lower), FigureText.Difference(metric, interval.Upper)),
        ];
    }
}
