using MLNet.Softmax.Charts;

namespace MLNet.Softmax.Reporting;

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
