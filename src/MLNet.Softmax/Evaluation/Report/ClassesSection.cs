using MLNet.Softmax.Charts;
using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Reporting;

/// <summary>One line for each class.</summary>
internal static class ClassesSection
{
    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        bool hasAreas = metrics.MacroRocAuc is not null;
        ReportColumn[] columns =
        [
            new("Class", IsNumber: false), new(metrics.IsWeighted ? "Weight" : "Rows"), new("Recall"),
            new(FigureText.Level(metrics.ConfidenceLevel) + " interval"), new("Precision"), new("F1"), new("Log-loss"), new("Calibration error"),
            .. hasAreas ? [new ReportColumn("ROC AUC")] : Array.Empty<ReportColumn>(),
        ];
        string introduction = "Recall is the share of the class's rows that were given it; precision is the share of the rows given it that "
            + "belong to it.";
        using (ReportSection.Open(markup, "Class by class", introduction))
            new ReportTable("Figures of each class", columns).Write(markup, metrics.Classes.Select(one => Cells(one, hasAreas)));
        markup.Line();
    }

    private static string[] Cells(ClassMetrics one, bool hasAreas) =>
    [
        one.Name, Count(one.Weight), Percent(one.Recall), Interval(Percent(one.RecallInterval.Lower), Percent(one.RecallInterval.Upper)),
        Percent(one.Precision), Decimal(one.F1), Decimal(one.LogLoss), Percent(one.CalibrationError, 2),
        .. hasAreas ? [Decimal(one.RocAuc ?? double.NaN)] : Array.Empty<string>(),
    ];
}
