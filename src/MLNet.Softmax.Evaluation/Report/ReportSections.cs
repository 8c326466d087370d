using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The sections that consist of a chart.</summary>
internal static class ChartSections
{
    private const int MostClasses = 10;

    public static void WriteReliability(MarkupWriter markup, ProbabilityMetrics metrics, ProbabilityMetrics? before)
    {
        if (before is not null)
            WriteReliability(markup, before, "Its confidence before");
        WriteReliability(markup, metrics, before is null ? "Can its confidence be believed?" : "Its confidence after");
    }

    public static void WriteWorstClasses(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var worst = metrics.Classes.Where(one => one.CalibrationError > 0).OrderByDescending(one => one.CalibrationError).Take(MostClasses);
        ReportSection.WriteChart(
            markup, "Worst-calibrated classes",
            "The mean gap between the probability that a row is given for a class and how often it belongs to that class.",
            new HorizontalBars(
                "Worst-calibrated classes", "Expected calibration error of the class",
                [.. worst.Select(one => (one.Name, one.CalibrationError))]));
    }

    public static void WriteTopK(MarkupWriter markup, ProbabilityMetrics metrics) => ReportSection.WriteChart(
        markup, "When it may name several classes", "How often the truth is among the k most probable classes.",
        new TopKCurve(metrics));

    public static void WriteRiskCoverage(MarkupWriter markup, ProbabilityMetrics metrics) => ReportSection.WriteChart(
        markup, "When it may decline to answer",
        "How often it errs when it answers only the rows that it is surest of. The area under the curve is "
        + $"{Decimal(metrics.RiskCoverageArea)}; a confidence that says nothing would have {Decimal(1 - metrics.MicroAccuracy)}.",
        new RiskCoverageCurve(metrics));

    private static void WriteReliability(MarkupWriter markup, ProbabilityMetrics metrics, string heading) => ReportSection.WriteChart(
        markup, heading,
        "Of the rows that the model is 80% sure of, 80% should be right. Points below the diagonal claim too much, "
        + "points above it too little.",
        new ReliabilityDiagram(metrics),
        $"Each point is a bin of rows with its {FigureText.Level(metrics.ConfidenceLevel)} interval; the orange bar is the gap "
        + "to calibration. Below, the number of rows in each bin.");
}

/// <summary>The sections that consist of a table.</summary>
internal static class TableSections
{
    public static void WriteClasses(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        using (ReportSection.Open(
            markup, "Class by class",
            "Recall is the share of the class's rows that were given it; precision is the share of the rows given it that belong to it."))
        {
            WriteClassTable(markup, metrics.Classes, metrics.IsWeighted ? "Weight" : "Rows");
        }

        markup.Line();
    }

    /// <summary>The table of at least one class.</summary>
    public static void WriteClassTable(MarkupWriter markup, IReadOnlyList<ClassMetrics> classes, string rows = "Rows")
    {
        bool hasAreas = classes[0].RocAuc is not null;
        ReportColumn[] columns =
        [
            new("Class", IsNumber: false), new(rows), new("Recall"),
            new(FigureText.Level(classes[0].RecallInterval.Level) + " interval"), new("Precision"), new("F1"), new("Log-loss"),
            new("Calibration error"),
            .. hasAreas ? [new ReportColumn("ROC AUC")] : Array.Empty<ReportColumn>(),
        ];
        new ReportTable("Figures of each class", columns).Write(markup, classes.Select<ClassMetrics, string[]>(one =>
        [
            one.Name, Count(one.Weight), Percent(one.Recall),
            Interval(Percent(one.RecallInterval.Lower), Percent(one.RecallInterval.Upper)),
            Percent(one.Precision), Decimal(one.F1), Decimal(one.LogLoss), Percent(one.CalibrationError, 2),
            .. hasAreas ? [Decimal(one.RocAuc ?? double.NaN)] : Array.Empty<string>(),
        ]));
    }

    public static void WriteLeftOut(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        var leftOut = metrics.RowsLeftOut;
        (string Reason, long Rows)[] reasons =
        [
            ("The label is missing", leftOut.MissingLabel),
            ("The label is none of the classes", leftOut.UnknownLabel),
            ("The probabilities hold NaN or an infinity", leftOut.NotFinite),
            ("The weight is negative, NaN or infinite", leftOut.InvalidWeight),
            ("The weight is zero", leftOut.ZeroWeight),
            ("The label is ruled out by a logit of -infinity or a mask", leftOut.RuledOutLabel),
        ];
        string introduction = leftOut.Total == 0
            ? $"None: all {Count(metrics.RowsUsed)} rows were used."
            : $"{Count(leftOut.Total)} of {Count(leftOut.Total + metrics.RowsUsed)} rows could not be used; "
                + "the figures do not speak of them.";
        using (ReportSection.Open(markup, "Rows left out", introduction))
        {
            if (leftOut.Total > 0)
            {
                new ReportTable("Rows left out by reason", new("Reason", IsNumber: false), new("Rows")).Write(
                    markup, reasons.Where(reason => reason.Rows > 0).Select(reason => new[] { reason.Reason, Count(reason.Rows) }));
            }
        }

        markup.Line();
    }
}
