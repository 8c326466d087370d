using MLNet.Softmax.Evaluation.Charts;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Report;

/// <summary>The confusion matrix as a heat map, and its largest confusions as a table.</summary>
internal static class ConfusionSection
{
    private const int MostClasses = 100;
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
            WriteMap(markup, metrics, table);
            WriteLargest(markup, metrics, table);
        }

        markup.Line();
    }

    private static void WriteMap(MarkupWriter markup, ProbabilityMetrics metrics, ConfusionTable table)
    {
        var classes = LargestConfusions.MostMistakenClasses(table, MostClasses);
        string introduction = "Each row of the matrix is an actual class; what lies off the diagonal are mistakes.";
        if (classes.Count < table.ClassCount)
            introduction += $" Of {Count(table.ClassCount)} classes, the {Count(classes.Count)} with the most mistakes.";
        string[] names = [.. classes.Select(label => metrics.ClassNames[label])];
        var map = new ConfusionHeatMap("Confusion matrix", names, (row, column) => table[classes[row], classes[column]]);
        ReportSection.WriteChart(markup, "What it takes for what", introduction, map);
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

/// <summary>Rows of one class that were taken for another.</summary>
internal readonly record struct ClassConfusion(int Label, int Predicted, double Weight, double ShareOfLabel);

/// <summary>The cells and the classes of a confusion matrix that hold the most mistakes.</summary>
internal static class LargestConfusions
{
    /// <summary>The cells off the diagonal, the heaviest first.</summary>
    public static IReadOnlyList<ClassConfusion> Of(ConfusionTable table, int count)
    {
        // A queue of the heaviest so far: a matrix of a thousand classes has a million cells.
        var heaviest = new PriorityQueue<ClassConfusion, (double Weight, int Place)>();
        for (int label = 0; label < table.ClassCount; label++)
        {
            double labelWeight = TensorPrimitives.Sum(table.Row(label));
            for (int predicted = 0; predicted < table.ClassCount; predicted++)
            {
                double weight = table[label, predicted];
                if (label == predicted || !(weight > 0))
                    continue;
                heaviest.Enqueue(new(label, predicted, weight, weight / labelWeight), (weight, -(label * table.ClassCount + predicted)));
                if (heaviest.Count > count)
                    heaviest.Dequeue();
            }
        }

        return [.. heaviest.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];
    }

    /// <summary>The classes with the most mistakes, whether they were missed or taken for, in their own order.</summary>
    public static IReadOnlyList<int> MostMistakenClasses(ConfusionTable table, int count)
    {
        if (table.ClassCount <= count)
            return [.. Enumerable.Range(0, table.ClassCount)];
        var mistakes = new double[table.ClassCount];
        for (int label = 0; label < table.ClassCount; label++)
        {
            for (int predicted = 0; predicted < table.ClassCount; predicted++)
            {
                if (label == predicted)
                    continue;
                mistakes[label] += table[label, predicted];
                mistakes[predicted] += table[label, predicted];
            }
        }

        return [.. Enumerable.Range(0, table.ClassCount).OrderByDescending(label => mistakes[label]).Take(count).Order()];
    }
}
