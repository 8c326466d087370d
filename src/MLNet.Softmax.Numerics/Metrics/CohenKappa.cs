namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Cohen's kappa: how much of the agreement that chance leaves open is reached, (accuracy - chance) / (1 - chance), where chance is the
/// agreement of independent true and predicted classes of the same frequencies.
/// </summary>
/// <remarks>Cohen, "A coefficient of agreement for nominal scales" (1960).</remarks>
public static class CohenKappa
{
    /// <summary>Computes kappa, unweighted.</summary>
    /// <param name="totals">The class totals.</param>
    /// <returns>At most 1; 0 is chance; NaN where all rows belong to one class and were given it, or no row has weight.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="totals"/> is null.</exception>
    public static double Compute(ClassTotals totals)
    {
        ArgumentNullException.ThrowIfNull(totals);
        double weight = totals.Weight, chance = 0;
        for (var label = 0; label < totals.ClassCount; label++)
            chance += totals.Labelled(label) / weight * (totals.Predicted(label) / weight);
        return ((totals.CorrectWeight / weight) - chance) / (1 - chance);
    }
}
