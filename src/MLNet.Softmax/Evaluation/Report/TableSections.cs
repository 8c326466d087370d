using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Numerics;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

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

/// <summary>The rows to look at first: wrong, and sure of it. Often their labels are the mistake.</summary>
internal static class MistakesSection
{
    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var mistakes = metrics.ConfidentMistakes;
        if (mistakes.Count == 0)
            return;
        bool hasNames = mistakes.Any(mistake => mistake.RowName is not null);
        var table = new ReportTable(
            "Wrong answers by falling confidence", new(hasNames ? "Row" : "Row id", IsNumber: false), new("Actual", IsNumber: false),
            new("Predicted", IsNumber: false), new("Its probability"), new("Probability of the actual"));
        string introduction = "Worth looking at one by one: what a model is sure of and wrong about is often a wrong label.";
        using (ReportSection.Open(markup, "Most confident mistakes", introduction))
            table.Write(markup, mistakes.Select(mistake => Cells(mistake, metrics.ClassNames)));
        markup.Line();
    }

    private static string[] Cells(ConfidentMistake mistake, IReadOnlyList<string> names) =>
    [
        mistake.RowName ?? RowId(mistake.RowId), names[mistake.Label], names[mistake.Predicted],
        Probability(mistake.Confidence), Probability(mistake.LabelProbability),
    ];
}

/// <summary>The rows that the figures do not speak of, and why.</summary>
internal static class LeftOutSection
{
    private static readonly ReportTable Table = new("Rows left out by reason", new("Reason", IsNumber: false), new("Rows"));

    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var leftOut = metrics.RowsLeftOut;
        string introduction = leftOut.Total == 0
            ? $"None: all {Count(metrics.RowsUsed)} rows were used."
            : $"{Count(leftOut.Total)} of {Count(leftOut.Total + metrics.RowsUsed)} rows could not be used; the figures do not speak of them.";
        using (ReportSection.Open(markup, "Rows left out", introduction))
        {
            var reasons = Reasons(leftOut).Where(reason => reason.Rows > 0);
            if (leftOut.Total > 0)
                Table.Write(markup, reasons.Select(reason => new[] { reason.Reason, Count(reason.Rows) }));
        }

        markup.Line();
    }

    private static (string Reason, long Rows)[] Reasons(RowsLeftOut leftOut) =>
    [
        ("The label is missing", leftOut.MissingLabel),
        ("The label is none of the classes", leftOut.UnknownLabel),
        ("The probabilities hold NaN or an infinity", leftOut.NotFinite),
        ("The weight is negative, NaN or infinite", leftOut.InvalidWeight),
        ("The weight is zero", leftOut.ZeroWeight),
    ];
}
