using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Confidence intervals for every <see cref="HeadlineMetric"/>, by computing it again on rows drawn from the set with replacement.
/// </summary>
/// <remarks>
/// Efron, "Nonparametric standard errors and confidence intervals" (1981): the bias-corrected percentile interval, since calibration errors
/// of resamples are biased upwards and a plain percentile interval could miss the figure itself. The draws depend only on the seed and the
/// number of the resample, not on the number of threads. About 30 ns per row and resample, divided by the cores.
/// </remarks>
public static class Bootstrap
{
    /// <summary>Estimates an interval for every headline metric.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins of the calibration errors; 15 bins (lower, upper] if null.</param>
    /// <param name="options">How many resamples, from which seed, at which level; the defaults if null.</param>
    /// <returns>
    /// One interval per <see cref="HeadlineMetric"/>, in that order; NaN bounds if there are no rows or the figure is NaN in most
    /// resamples.
    /// </returns>
    public static ConfidenceInterval[] Intervals(ProbabilityBlock block, BinLayout? layout = null, BootstrapOptions? options = null) =>
        Intervals(RowOutcome.Of(block), block.ClassCount, layout ?? BinLayout.Default, options ?? new());

    /// <summary>
    /// Estimates which differences between two models are real: both are evaluated on the same resamples of the same rows, so that rows
    /// that are easy or hard for both cancel out.
    /// </summary>
    /// <param name="before">The rows under the first model.</param>
    /// <param name="after">The same rows, in the same order, under the second model.</param>
    /// <param name="layout">The bins of the calibration errors; 15 bins (lower, upper] if null.</param>
    /// <param name="options">How many resamples, from which seed, at which level; the defaults if null.</param>
    /// <returns>One difference per <see cref="HeadlineMetric"/>, in that order.</returns>
    /// <exception cref="ArgumentException">The rows differ in number, classes, label or weight.</exception>
    /// <remarks>Efron and Tibshirani, "An Introduction to the Bootstrap" (1993).</remarks>
    public static MetricDifference[] Compare(
        ProbabilityBlock before, ProbabilityBlock after, BinLayout? layout = null, BootstrapOptions? options = null)
    {
        if (before.ClassCount != after.ClassCount)
            throw new ArgumentException($"Expected rows of {before.ClassCount} classes, found {after.ClassCount}.", nameof(after));
        return Compare(RowOutcome.Of(before), RowOutcome.Of(after), before.ClassCount, layout ?? BinLayout.Default, options ?? new());
    }

    internal static ConfidenceInterval[] Intervals(
        ReadOnlyMemory<RowOutcome> outcomes, int classCount, BinLayout layout, BootstrapOptions options) =>
        Resampling.Intervals(
            outcomes.Length, HeadlineMetrics.Compute(outcomes.Span, classCount, layout),
            (times, values) => Resampled(outcomes.Span, times, classCount, layout, values), options);

    internal static MetricDifference[] Compare(
        ReadOnlyMemory<RowOutcome> before, ReadOnlyMemory<RowOutcome> after, int classCount, BinLayout layout, BootstrapOptions options)
    {
        CheckSameRows(before.Span, after.Span);
        var first = HeadlineMetrics.Compute(before.Span, classCount, layout);
        var second = HeadlineMetrics.Compute(after.Span, classCount, layout);
        double[] differences = [.. second.Zip(first, (later, earlier) => later - earlier)];
        var intervals = Resampling.Intervals(before.Length, differences, (times, values) =>
        {
            Span<double> other = stackalloc double[HeadlineMetrics.Count];
            Resampled(before.Span, times, classCount, layout, other);
            Resampled(after.Span, times, classCount, layout, values);
            for (var metric = 0; metric < values.Length; metric++)
                values[metric] -= other[metric];
        }, options);
        return [.. intervals.Select((interval, metric) =>
            new MetricDifference((HeadlineMetric)metric, first[metric], second[metric], interval))];
    }

    private static void Resampled(
        ReadOnlySpan<RowOutcome> outcomes, ReadOnlySpan<int> timesDrawn, int classCount, BinLayout layout, Span<double> values)
    {
        var metrics = new HeadlineMetrics(classCount, layout);
        var buffer = ArrayPool<RowOutcome>.Shared.Rent(RowOutcome.BlockRows);
        var filled = 0;
        for (var row = 0; row < outcomes.Length; row++)
        {
            if (timesDrawn[row] == 0)
                continue;
            buffer[filled++] = outcomes[row] with { Weight = outcomes[row].Weight * timesDrawn[row] };
            if (filled < RowOutcome.BlockRows)
                continue;
            metrics.Add(buffer.AsSpan(0, filled));
            filled = 0;
        }

        metrics.Add(buffer.AsSpan(0, filled));
        ArrayPool<RowOutcome>.Shared.Return(buffer);
        metrics.ToArray().CopyTo(values);
    }

    private static void CheckSameRows(ReadOnlySpan<RowOutcome> before, ReadOnlySpan<RowOutcome> after)
    {
        if (before.Length != after.Length)
            throw new ArgumentException($"Expected the same rows twice, found {before.Length} and {after.Length}.", nameof(after));
        for (var row = 0; row < before.Length; row++)
        {
            if (before[row].Label != after[row].Label || before[row].Weight != after[row].Weight)
            {
                throw new ArgumentException(
                    $"Expected the same rows twice; row {row} has label {before[row].Label} and weight {before[row].Weight} in one, "
                    + $"label {after[row].Label} and weight {after[row].Weight} in the other.", nameof(after));
            }
        }
    }
}
