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

    public static void Show(ProbabilityMetrics before, ProbabilityMetrics after, ProbabilityComparison comparison)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (string title in (string[])["before", "after", "difference is"])
            table.AddColumn(new TableColumn(title).RightAligned());
        foreach (var (metric, name) in Shown)
            table.AddRow(name, Text(before[metric]), Text(after[metric]), Verdict(comparison[metric]));
        AnsiConsole.Write(table);
    }

    private static string Verdict(MetricDifference difference) =>
        difference.IsImprovement ? "[green]for the better[/]" : difference.IsReal ? "[red]for the worse[/]" : "not real";

    private static string Text(double value) => value.ToString("0.0000");
}
