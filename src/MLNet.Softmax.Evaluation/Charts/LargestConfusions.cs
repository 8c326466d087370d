namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Rows of one class that were predicted as another.</summary>
internal readonly record struct ClassConfusion(int Label, int Predicted, double Weight, double ShareOfLabel);

/// <summary>The cells and the classes of a confusion matrix with the most mistakes.</summary>
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

    /// <summary>The classes with the most mistakes, missed or wrongly predicted, in class order.</summary>
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
