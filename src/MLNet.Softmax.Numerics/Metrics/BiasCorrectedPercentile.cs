namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The bias-corrected percentile interval of bootstrap replicates (Efron 1981).</summary>
internal static class BiasCorrectedPercentile
{
    public static ConfidenceInterval Interval(ReadOnlySpan<double> replicates, double estimate, double level)
    {
        var z = NormalDistribution.TwoSidedQuantile(level);
        var sorted = Defined(replicates);
        if (double.IsNaN(estimate) || sorted.Length * 2 <= replicates.Length)
            return new ConfidenceInterval(double.NaN, double.NaN, level);

        Array.Sort(sorted);
        var shift = NormalDistribution.Quantile(ShareBelow(sorted, estimate));
        var lower = Quantile(sorted, NormalDistribution.Cumulative((2 * shift) - z));
        var upper = Quantile(sorted, NormalDistribution.Cumulative((2 * shift) + z));
        return new ConfidenceInterval(Math.Min(lower, estimate), Math.Max(upper, estimate), level);
    }

    private static double[] Defined(ReadOnlySpan<double> values)
    {
        var defined = new List<double>(values.Length);
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                defined.Add(value);
        }

        return [.. defined];
    }

    /// <summary>Ties count half, and half a replicate is kept on either side so that the shift stays finite.</summary>
    private static double ShareBelow(double[] sorted, double estimate)
    {
        double below = sorted.Count(value => value < estimate), tied = sorted.Count(value => value == estimate);
        return Math.Clamp(below + (tied / 2), 0.5, sorted.Length - 0.5) / sorted.Length;
    }

    private static double Quantile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var index = (int)position;
        return index + 1 < sorted.Length
            ? sorted[index] + ((position - index) * (sorted[index + 1] - sorted[index]))
            : sorted[^1];
    }
}
