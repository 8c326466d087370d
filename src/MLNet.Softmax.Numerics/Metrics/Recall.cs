namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Of the rows that truly belong to a class, the share that was given it.</summary>
public static class Recall
{
    /// <summary>The recall of one class.</summary>
    /// <param name="totals">The class totals.</param>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN where the class has no rows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double OfClass(ClassTotals totals, int label)
    {
        ArgumentNullException.ThrowIfNull(totals);
        return totals.Correct(label) / totals.Labelled(label);
    }

    /// <summary>The mean over the classes that have rows.</summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>From 0 to 1; NaN where no row has weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Macro(ClassTotals totals) => ClassAverage.Macro(totals, OfClass);
}
