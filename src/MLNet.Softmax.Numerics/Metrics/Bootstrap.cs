namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Computes figures of a resample.</summary>
/// <param name="timesDrawn">How often each row was drawn; its weight is to be multiplied by that.</param>
/// <param name="figures">Receives the figures.</param>
public delegate void ResampledFigures(ReadOnlySpan<int> timesDrawn, Span<double> figures);

/// <summary>
/// Confidence intervals for any figure of a set of rows, by computing it again on rows drawn from the set with replacement.
/// </summary>
/// <remarks>
/// Efron, "Nonparametric standard errors and confidence intervals" (1981): the bias-corrected percentile interval, since calibration errors
/// of resamples lean upward and a plain percentile interval could miss the figure itself. The draws depend on the seed and the number of
/// the resample alone: no thread count changes them. Costs resamples x (rows x about 5 ns + the figures).
/// </remarks>
public static class Bootstrap
{
    /// <summary>Estimates one interval per figure.</summary>
    /// <param name="rowCount">How many rows there are.</param>
    /// <param name="estimates">The figures of the rows themselves.</param>
    /// <param name="figures">Computes the figures of a resample; called by several threads at once.</param>
    /// <param name="options">How many resamples, from which seed, at which level.</param>
    /// <returns>
    /// The intervals, in the order of <paramref name="estimates"/>; NaN bounds where there are no rows or a figure is NaN in most
    /// resamples.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="figures"/> or <paramref name="options"/> is null.</exception>
    public static ConfidenceInterval[] Intervals(
        int rowCount, ReadOnlySpan<double> estimates, ResampledFigures figures, BootstrapOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(options);
        var replicates = Replicates(rowCount, estimates.Length, figures, options);
        var intervals = new ConfidenceInterval[estimates.Length];
        for (var figure = 0; figure < intervals.Length; figure++)
            intervals[figure] = BiasCorrectedPercentile.Interval(replicates[figure], estimates[figure], options.Level);
        return intervals;
    }

    /// <summary>The figures of every resample, for intervals of one's own.</summary>
    /// <param name="rowCount">How many rows there are.</param>
    /// <param name="figureCount">How many figures are computed.</param>
    /// <param name="figures">Computes the figures of a resample; called by several threads at once.</param>
    /// <param name="options">How many resamples, and from which seed.</param>
    /// <returns>One array a figure, with one value a resample.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="figures"/> or <paramref name="options"/> is null.</exception>
    public static double[][] Replicates(int rowCount, int figureCount, ResampledFigures figures, BootstrapOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNegative(figureCount);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(options);
        var replicates = new double[figureCount][];
        for (var figure = 0; figure < figureCount; figure++)
            replicates[figure] = new double[options.Resamples];

        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism };
        Parallel.For(0, options.Resamples, parallelism, () => (Times: new int[rowCount], Values: new double[figureCount]), (resample, _, own) =>
        {
            Resample.Draw(own.Times, options.Seed, resample);
            figures(own.Times, own.Values);
            for (var figure = 0; figure < figureCount; figure++)
                replicates[figure][resample] = own.Values[figure];
            return own;
        }, _ => { });
        return replicates;
    }
}
