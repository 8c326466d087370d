using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Confidence intervals for every <see cref="HeadlineMetric"/>, computed from resamples of the rows with replacement.
/// </summary>
/// <remarks>
/// Efron, "Nonparametric standard errors and confidence intervals" (1981): the bias-corrected percentile interval. Calibration errors of
/// resamples are biased upwards, so a plain percentile interval could miss the figure itself. The draws depend only on the seed and the
/// number of the resample, not on the number of threads. About 30 ns per row and resample, divided by the number of cores.
/// </remarks>
public static class Bootstrap
{
    /// <summary>Estimates an interval for every headline metric.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins of the calibration errors; 15 bins (lower, upper] if null.</param>
    /// <param name="options">The number of resamples, the seed and the confidence level; the defaults if null.</param>
    /// <returns>
    /// One interval per <see cref="HeadlineMetric"/>, in that order; NaN bounds if there are no rows or if the figure is NaN in most
    /// resamples.
    /// </returns>
    public static ConfidenceInterval[] Intervals(ProbabilityBlock block, BinLayout? layout = null, BootstrapOptions? options = null) =>
        Intervals(RowOutcome.Of(block), block.ClassCount, layout ?? BinLayout.Default, options ?? new());

    /// <summary>
    /// Estimates which differences between two models are real. Both models are evaluated on the same resamples of the same rows, so rows
    /// that are easy or hard for both cancel out.
    /// </summary>
    /// <param name="before">The rows with the probabilities of the first model.</param>
    /// <param name="after">The same rows, in the same order, with the probabilities of the second model.</param>
    /// <param name="layout">The bins of the calibration errors; 15 bins (lower, upper] if null.</param>
    /// <param name="options">The number of resamples, the seed and the confidence level; the defaults if null.</param>
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
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected the same rows twice; row {row} has label {before[row].Label} and weight {before[row].Weight} in one, "
                    + $"label {after[row].Label} and weight {after[row].Weight} in the other."), nameof(after));
            }
        }
    }
}

/// <summary>Options of a bootstrap.</summary>
public sealed class BootstrapOptions
{
    /// <summary>The number of resamples, at least 2; 1000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2.</exception>
    public int Resamples
    {
        get;
        set => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected at least 2 resamples.");
    } = 1000;

    /// <summary>The seed of the random draws: the same seed draws the same rows, with any number of threads. 1 by default.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The confidence level of the intervals, between 0 and 1; 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double ConfidenceLevel
    {
        get;
        set => field = NormalDistribution.CheckedLevel(value);
    } = 0.95;

    /// <summary>How many resamples are computed at a time, each with 4 bytes per row of its own; -1, the default, for all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">0 or less than -1.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        set => field = CheckedParallelism(value);
    } = -1;

    internal static int CheckedParallelism(int value) => value is > 0 or -1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected -1 for all cores, or at least 1.");

    internal BootstrapOptions Copy() => (BootstrapOptions)MemberwiseClone();
}

/// <summary>Computes figures of a resample; called by several threads at once.</summary>
/// <param name="timesDrawn">How often each row was drawn; multiply the row's weight by it.</param>
/// <param name="figures">Receives the figures.</param>
internal delegate void ResampledFigures(ReadOnlySpan<int> timesDrawn, Span<double> figures);

/// <summary>The bootstrap of any figures of a set of rows. Costs resamples x (rows x about 5 ns + the figures).</summary>
internal static class Resampling
{
    /// <summary>The bias-corrected percentile interval of each figure.</summary>
    public static ConfidenceInterval[] Intervals(
        int rowCount, ReadOnlySpan<double> estimates, ResampledFigures figures, BootstrapOptions options)
    {
        var replicates = Replicates(rowCount, estimates.Length, figures, options);
        var intervals = new ConfidenceInterval[estimates.Length];
        for (var figure = 0; figure < intervals.Length; figure++)
            intervals[figure] = Interval(replicates[figure], estimates[figure], options.ConfidenceLevel);
        return intervals;
    }

    /// <summary>The figures of every resample: one array per figure, with one value per resample.</summary>
    public static double[][] Replicates(int rowCount, int figureCount, ResampledFigures figures, BootstrapOptions options)
    {
        var replicates = new double[figureCount][];
        for (var figure = 0; figure < figureCount; figure++)
            replicates[figure] = new double[options.Resamples];

        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        (int[] Times, double[] Values) Buffers() => (new int[rowCount], new double[figureCount]);
        Parallel.For(0, options.Resamples, parallelism, Buffers, (resample, _, own) =>
        {
            Draw(own.Times, options.Seed, resample);
            figures(own.Times, own.Values);
            for (var figure = 0; figure < figureCount; figure++)
                replicates[figure][resample] = own.Values[figure];
            return own;
        }, _ => { });
        return replicates;
    }

    /// <summary>Draws as many rows as there are, with replacement. The same seed and number give the same draws everywhere.</summary>
    private static void Draw(Span<int> timesDrawn, int seed, int number)
    {
        timesDrawn.Clear();
        var state = Scramble(((ulong)(uint)seed << 32) | (uint)number);
        for (var draw = 0; draw < timesDrawn.Length; draw++)
        {
            // SplitMix64 (Steele, Lea and Flood 2014); the high half scaled to the number of rows (Lemire 2019), whose bias of
            // rows / 2^32 is far below what any bootstrap can see.
            state += 0x9E3779B97F4A7C15;
            timesDrawn[(int)(((Scramble(state) >> 32) * (ulong)timesDrawn.Length) >> 32)]++;
        }
    }

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ConfidenceInterval Interval(double[] replicates, double estimate, double level)
    {
        var z = NormalDistribution.TwoSidedQuantile(level);
        var sorted = Array.FindAll(replicates, value => !double.IsNaN(value));
        if (double.IsNaN(estimate) || sorted.Length * 2 <= replicates.Length)
            return new ConfidenceInterval(double.NaN, double.NaN, level);

        Array.Sort(sorted);
        var shift = NormalDistribution.Quantile(ShareBelow(sorted, estimate));
        var lower = Quantile(sorted, NormalDistribution.Cumulative((2 * shift) - z));
        var upper = Quantile(sorted, NormalDistribution.Cumulative((2 * shift) + z));
        return new ConfidenceInterval(Math.Min(lower, estimate), Math.Max(upper, estimate), level);
    }

    /// <summary>
    /// The share below the estimate. Ties count half, and half a replicate is kept on either side so that the shift stays finite.
    /// </summary>
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
