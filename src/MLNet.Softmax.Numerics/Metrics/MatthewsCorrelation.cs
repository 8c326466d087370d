namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The correlation of true and predicted classes, from -1 to 1; 0 is no better than chance. Unlike accuracy, it is not flattered
/// by one frequent class.
/// </summary>
/// <remarks>Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004).</remarks>
public static class MatthewsCorrelation
{
    /// <summary>Computes the correlation.</summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>
    /// From -1 to 1; 0 where all rows belong to one class or were given one, as scikit-learn has it; NaN where no row has weight.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Compute(ClassTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        // Shares instead of weights, so that no product of two large totals loses digits.
        double weight = totals.Weight, agreement = 0, labels = 0, predictions = 0;
        for (var label = 0; label < totals.ClassCount; label++)
        {
            var labelled = totals.Labelled(label) / weight;
            var predicted = totals.Predicted(label) / weight;
            agreement += labelled * predicted;
            labels += labelled * labelled;
            predictions += predicted * predicted;
        }

        var scale = Math.Sqrt((1 - labels) * (1 - predictions));
        return scale == 0 ? 0 : ((totals.CorrectWeight / weight) - agreement) / scale;
    }
}
