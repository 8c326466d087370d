namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Of the rows that were given a class, the share that truly belongs to it.</summary>
public static class Precision
{
    /// <summary>The precision of one class.</summary>
    /// <param name="totals">The class totals.</param>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>
    /// From 0 to 1; 0 where the class has rows and no row was given it, as ML.NET and scikit-learn have it; NaN where it has neither.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double OfClass(ClassTotals totals, int label)
    {
        ArgumentNullException.ThrowIfNull(totals);
        var predicted = totals.Predicted(label);
        return predicted == 0 && totals.Labelled(label) > 0 ? 0 : totals.Correct(label) / predicted;
    }

    /// <summary>The mean over the classes that have rows or were given to some.</summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>From 0 to 1; NaN where no row has weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Macro(ClassTotals totals) => ClassAverage.Macro(totals, OfClass);

    /// <summary>The mean weighted by how many rows truly belong to each class.</summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>From 0 to 1; NaN where no row has weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Weighted(ClassTotals totals) => ClassAverage.Weighted(totals, OfClass);
}
