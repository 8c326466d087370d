using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>The figures that matter most, for the console; the report has them all.</summary>
internal static class ResultTable
{
    private static readonly (HeadlineMetric Metric, string Name)[] Shown =
    [
        (HeadlineMetric.MicroAccuracy, "Accuracy"), (HeadlineMetric.LogLoss, "Log-loss"), (HeadlineMetric.BrierScore, "Brier score"),
        (HeadlineMetric.ExpectedCalibrationError, "Calibration error (ECE)"), (HeadlineMetric.MacroF1, "Macro F1"),
    ];

    public static void Show(ProbabilityMetrics metrics)
    {
        var table = Create("value", metrics.ConfidenceLevel.ToString("0.##%") + " interval");
        foreach (var (metric, name) in Shown)
        {
            string range = metrics.IntervalOf(metric) is { } interval ? $"{Text(interval.Lower)} to {Text(interval.Upper)}" : "";
            table.AddRow(name, Text(metrics[metric]), range);
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Before and after, with a verdict where the two could be compared row by row.</summary>
    public static void Show(ProbabilityMetrics before, ProbabilityMetrics after, ProbabilityComparison? comparison)
    {
        var table = comparison is null ? Create("before", "after") : Create("before", "after", "difference is");
        foreach (var (metric, name) in Shown)
        {
            string[] cells = [name, Text(before[metric]), Text(after[metric])];
            table.AddRow(comparison is null ? cells : [.. cells, Verdict(comparison[metric])]);
        }

        AnsiConsole.Write(table);
    }

    private static Table Create(params string[] titles)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (string title in titles)
            table.AddColumn(new TableColumn(title).RightAligned());
        return table;
    }

    private static string Verdict(MetricDifference difference) =>
        difference.IsImprovement ? "[green]for the better[/]" : difference.IsReal ? "[red]for the worse[/]" : "not real";

    private static string Text(double value) => value.ToString("0.0000");
}
