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
        Show(["value", metrics.ConfidenceLevel.ToString("0.##%") + " interval"], metric =>
        [
            Text(metrics[metric]),
            metrics.IntervalOf(metric) is { } interval ? $"{Text(interval.Lower)} to {Text(interval.Upper)}" : "",
        ]);
        ShowImpossibleRows(metrics);
    }

    /// <summary>Before and after, with a verdict where the two could be compared row by row.</summary>
    public static void Show(ProbabilityMetrics before, ProbabilityMetrics after, ProbabilityComparison? comparison)
    {
        Show(comparison is null ? ["before", "after"] : ["before", "after", "difference is"], metric =>
            [Text(before[metric]), Text(after[metric]), .. comparison is null ? [] : (string[])[Verdict(comparison[metric])]]);
        ShowImpossibleRows(after);
    }

    private static void ShowImpossibleRows(ProbabilityMetrics metrics)
    {
        if (metrics.ImpossibleRows > 0)
        {
            AnsiConsole.WriteLine(
                $"Rows whose true class has probability 0: {metrics.ImpossibleRows:N0}; each counts with a log-loss of 87.3.");
        }
    }

    private static void Show(string[] titles, Func<HeadlineMetric, string[]> cells)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (string title in titles)
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var (metric, name) in Shown)
            table.AddRow([name, .. cells(metric)]);
        AnsiConsole.Write(table);
    }

    private static string Verdict(MetricDifference difference) =>
        difference.IsImprovement ? "[green]for the better[/]" : difference.IsReal ? "[red]for the worse[/]" : "not real";

    private static string Text(double value) => value.ToString("0.0000");
}
