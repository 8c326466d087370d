namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Tells which differences between two models are real: both are judged on the same resamples of the same rows, so that what makes rows
/// easy or hard for both cancels out.
/// </summary>
/// <remarks>Efron and Tibshirani, "An Introduction to the Bootstrap" (1993). About 60 ns per row and resample.</remarks>
public static class PairedBootstrap
{
    /// <summary>Compares every headline metric.</summary>
    /// <param name="before">The rows under the first model.</param>
    /// <param name="after">The same rows, in the same order, under the second.</param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <param name="layout">The bins of the calibration error; 15 bins (lower, upper] where null.</param>
    /// <param name="options">How many resamples, from which seed, at which level; the defaults where null.</param>
    /// <returns>One difference per <see cref="HeadlineMetric"/>, in that order.</returns>
    /// <exception cref="ArgumentException">The rows differ in number, label or weight.</exception>
    public static MetricDifference[] Compare(
        ReadOnlyMemory<RowOutcome> before, ReadOnlyMemory<RowOutcome> after, int classCount,
        BinLayout? layout = null, BootstrapOptions? options = null)
    {
        CheckSameRows(before.Span, after.Span);
        var first = Figures(before.Span, classCount, layout);
        var second = Figures(after.Span, classCount, layout);
        var differences = new double[HeadlineMetrics.Count];
        for (var metric = 0; metric < differences.Length; metric++)
            differences[metric] = second[metric] - first[metric];

        var intervals = Bootstrap.Intervals(before.Length, differences, (times, values) =>
        {
            Span<double> other = stackalloc double[HeadlineMetrics.Count];
            HeadlineBootstrap.Compute(before.Span, times, classCount, layout, other);
            HeadlineBootstrap.Compute(after.Span, times, classCount, layout, values);
            for (var metric = 0; metric < values.Length; metric++)
                values[metric] -= other[metric];
        }, options ?? new());

        var result = new MetricDifference[HeadlineMetrics.Count];
        for (var metric = 0; metric < result.Length; metric++)
            result[metric] = new MetricDifference((HeadlineMetric)metric, first[metric], second[metric], intervals[metric]);
        return result;
    }

    private static double[] Figures(ReadOnlySpan<RowOutcome> outcomes, int classCount, BinLayout? layout)
    {
        var values = new double[HeadlineMetrics.Count];
        var metrics = new HeadlineMetrics(classCount, layout);
        metrics.Add(outcomes);
        metrics.CopyTo(values);
        return values;
    }

    private static void CheckSameRows(ReadOnlySpan<RowOutcome> before, ReadOnlySpan<RowOutcome> after)
    {
        if (before.Length != after.Length)
            throw new ArgumentException($"The same rows are to be compared, found {before.Length} and {after.Length}.", nameof(after));
        for (var row = 0; row < before.Length; row++)
        {
            if (before[row].Label != after[row].Label || before[row].Weight != after[row].Weight)
            {
                throw new ArgumentException(
                    $"The same rows are to be compared; row {row} has label {before[row].Label} and weight {before[row].Weight} in one, " +
                    $"label {after[row].Label} and weight {after[row].Weight} in the other.", nameof(after));
            }
        }
    }
}
