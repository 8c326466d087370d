using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The confusion matrix as a heat map, and its largest confusions as a table.</summary>
internal static class ConfusionSection
{
    private const int MostConfusions = 12;

    public static void Write(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        if (metrics.Confusion is not { } table)
        {
            string missing = $"No confusion matrix was kept for {Count(metrics.ClassCount)} classes. "
                + "Raise LargestConfusionMatrix in the options to have one.";
            using (ReportSection.Open(markup, "What it takes for what", missing))
                markup.Line();
            return;
        }

        using (ReportSection.Pair(markup))
        {
            WriteMap(markup, metrics);
            WriteLargest(markup, metrics, table);
        }

        markup.Line();
    }

    private static void WriteMap(MarkupWriter markup, ProbabilityMetrics metrics)
    {
        string introduction = "Each row of the matrix is an actual class; what lies off the diagonal are mistakes.";
        if (metrics.ClassCount > ConfusionHeatMap.MostClasses)
            introduction += $" Of {Count(metrics.ClassCount)} classes, the {ConfusionHeatMap.MostClasses} with the most mistakes.";
        ReportSection.WriteChart(markup, "What it takes for what", introduction, new ConfusionHeatMap(metrics));
    }

    private static void WriteLargest(MarkupWriter markup, ProbabilityMetrics metrics, ConfusionTable table)
    {
        var largest = LargestConfusions.Of(table, MostConfusions);
        string introduction = largest.Count == 0
            ? "No row was given a class that it does not belong to."
            : "The cells off the diagonal with the most rows.";
        using (ReportSection.Open(markup, "Most frequent confusions", introduction))
        {
            if (largest.Count == 0)
                return;
            var confusions = new ReportTable(
                "Actual classes and what they were taken for", new("Actual", IsNumber: false), new("Predicted", IsNumber: false),
                new(metrics.IsWeighted ? "Weight" : "Rows"), new("Of the actual"));
            confusions.Write(markup, largest.Select<ClassConfusion, string[]>(confusion =>
            [
                metrics.ClassNames[confusion.Label], metrics.ClassNames[confusion.Predicted], Count(confusion.Weight),
                Percent(confusion.ShareOfLabel),
            ]));
        }
    }
}
