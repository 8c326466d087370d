using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The reliability diagrams, and the classes whose probabilities deserve it least to be believed.</summary>
internal static class CalibrationSection
{
    private const int MostClasses = 10;

    public static void WriteDiagrams(MarkupWriter markup, ProbabilityMetrics metrics, ProbabilityMetrics? before)
    {
        if (before is not null)
            WriteDiagram(markup, before, "Its confidence before");
        WriteDiagram(markup, metrics, before is null ? "Can its confidence be believed?" : "Its confidence after");
    }

    public static void WriteWorstClasses(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        string introduction = "The mean gap between the probability that a row is given for a class and how often it belongs to that class.";
        using (ReportSection.Open(markup, "Worst-calibrated classes", introduction))
        {
            var worst = metrics.Classes.Where(one => one.CalibrationError > 0).OrderByDescending(one => one.CalibrationError).Take(MostClasses);
            var bars = new HorizontalBars(
                "Worst-calibrated classes", "Expected calibration error of the class", [.. worst.Select(one => (one.Name, one.CalibrationError))]);
            ReportSection.Figure(markup, bars);
        }
    }

    private static void WriteDiagram(MarkupWriter markup, ProbabilityMetrics metrics, string heading)
    {
        string introduction = "Of the rows that the model is 80% sure of, 80% should be right. Points below the diagonal claim too much, "
            + "points above it too little.";
        using (ReportSection.Open(markup, heading, introduction))
        {
            string caption = $"Each point is a bin of rows with its {FigureText.Level(metrics.ConfidenceLevel)} interval; the orange bar is the gap "
                + "to calibration. Below, the number of rows in each bin.";
            ReportSection.Figure(markup, new ReliabilityDiagram("Reliability diagram", metrics.Reliability), caption);
        }
    }
}

/// <summary>What is gained by answering with several classes, or by declining to answer.</summary>
internal static class CurvesSection
{
    public static void WriteTopK(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        string introduction = "How often the truth is among the k most probable classes.";
        using (ReportSection.Open(markup, "When it may name several classes", introduction))
            ReportSection.Figure(markup, new TopKCurve("Top-k accuracy", metrics.TopKAccuracy));
    }

    public static void WriteRiskCoverage(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        string introduction = "How often it errs when it answers only the rows that it is surest of. The area under the curve is "
            + $"{Decimal(metrics.RiskCoverageArea)}; a confidence that says nothing would have {Decimal(1 - metrics.MicroAccuracy)}.";
        using (ReportSection.Open(markup, "When it may decline to answer", introduction))
            ReportSection.Figure(markup, new RiskCoverageCurve("Risk-coverage curve", metrics.RiskCoverage));
    }
}
