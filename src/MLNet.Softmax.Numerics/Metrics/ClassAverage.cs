namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Averages of per-class figures that leave out the classes for which the figure is undefined (NaN).</summary>
internal static class ClassAverage
{
    /// <summary>The plain mean: every class counts the same.</summary>
    public static double Macro(ClassTotals totals, Func<ClassTotals, int, double> figure)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var sum = 0.0;
        var count = 0;
        for (var label = 0; label < totals.ClassCount; label++)
        {
            var value = figure(totals, label);
            if (double.IsNaN(value))
                continue;
            sum += value;
            count++;
        }

        return sum / count;
    }

    /// <summary>The mean weighted by how many rows truly belong to each class.</summary>
    public static double Weighted(ClassTotals totals, Func<ClassTotals, int, double> figure)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var sum = 0.0;
        for (var label = 0; label < totals.ClassCount; label++)
        {
            var weight = totals.Labelled(label);
            if (weight > 0)
                sum += weight * figure(totals, label);
        }

        return sum / totals.Weight;
    }
}
