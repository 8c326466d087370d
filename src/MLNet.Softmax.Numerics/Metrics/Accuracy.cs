namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The share of rows whose most probable class is the true one. The accuracy of one class is its <see cref="Recall"/>.</summary>
public static class Accuracy
{
    /// <summary>Every row counts the same.</summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>From 0 to 1; NaN where no row has weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Micro(ClassTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        return totals.CorrectWeight / totals.Weight;
    }

    /// <summary>
    /// Every class that has rows counts the same: the mean of the classes' accuracies. scikit-learn calls it balanced accuracy.
    /// </summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>From 0 to 1; NaN where no row has weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Macro(ClassTotals totals) => Recall.Macro(totals);

    /// <summary>The accuracy over the rows that truly belong to a class.</summary>
    /// <param name="totals">The class totals.</param>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN where the class has no rows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double OfClass(ClassTotals totals, int label) => Recall.OfClass(totals, label);

    /// <summary>The 95 % or other Wilson interval of the micro accuracy.</summary>
    /// <param name="totals">The class totals.</param>
    /// <param name="level">The confidence level, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds where there are no rows.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public static ConfidenceInterval MicroInterval(ClassTotals totals, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(totals);
        return WilsonInterval.Compute(totals.CorrectWeight / totals.Weight, totals.EffectiveRowCount, level);
    }
}
