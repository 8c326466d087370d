namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The harmonic mean of <see cref="Precision"/> and <see cref="Recall"/>: 2 correct / (belonging + given).</summary>
public static class F1Score
{
    /// <summary>The F1 of one class.</summary>
    /// <param name="totals">The class totals.</param>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN where the class has no rows and no row was given it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double OfClass(ClassTotals totals, int label)
    {
        ArgumentNullException.ThrowIfNull(totals);
        return 2 * totals.Correct(label) / (totals.Labelled(label) + totals.Predicted(label));
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
