namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Computes figures of a resample; called by several threads at once.</summary>
/// <param name="timesDrawn">How often each row was drawn; its weight is to be multiplied by that.</param>
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

    /// <summary>The figures of every resample: one array a figure, with one value a resample.</summary>
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
