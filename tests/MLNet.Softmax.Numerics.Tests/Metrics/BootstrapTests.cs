namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class BootstrapTests
{
    [Fact]
    public void Intervals_OfTheSameSeed_AreTheSameOnAnyNumberOfThreads()
    {
        var table = PredictionTable.Random(1, 300, 4);
        var one = Bootstrap.Intervals(table.Block, options: new() { Resamples = 50, Seed = 7, MaxDegreeOfParallelism = 1 });
        var many = Bootstrap.Intervals(table.Block, options: new() { Resamples = 50, Seed = 7, MaxDegreeOfParallelism = 4 });
        var other = Bootstrap.Intervals(table.Block, options: new() { Resamples = 50, Seed = 8 });

        Assert.Equal(one, many);
        Assert.NotEqual(one, other);
    }

    [Fact]
    public void Intervals_OfAMean_AgreeWithItsStandardError()
    {
        var table = PredictionTable.Random(2, 2000, 3);
        var brier = BrierScore.Compute(table.Block);
        var expected = ConfidenceInterval.OfMean(brier.Mean, brier.StandardError, 0.95);
        var interval = Bootstrap.Intervals(table.Block, options: new() { Resamples = 2000 })[(int)HeadlineMetric.BrierScore];

        var width = expected.Upper - expected.Lower;
        Assert.Equal(expected.Lower, interval.Lower, 0.08 * width);
        Assert.Equal(expected.Upper, interval.Upper, 0.08 * width);
    }

    [Fact]
    public void StandardError_OfALoss_IsThatOfTheSampleMean()
    {
        var table = PredictionTable.Random(3, 500, 3);
        var losses = Enumerable.Range(0, 500).Select(row => Naive.Brier(table, row)).ToArray();
        var variance = losses.Sum(loss => Math.Pow(loss - losses.Average(), 2)) / 499;

        Assert.Equal(Math.Sqrt(variance / 500), BrierScore.Compute(table.Block).StandardError, 1e-12);

        var logLosses = Enumerable.Range(0, 500).Select(row => Naive.Loss(table, row)).ToArray();
        var ofLogLoss = logLosses.Sum(loss => Math.Pow(loss - logLosses.Average(), 2)) / 499;
        Assert.Equal(Math.Sqrt(ofLogLoss / 500), LogLoss.Compute(table.Block).StandardError, 1e-6);
    }

    [Fact]
    public void Replicates_OfADraw_AlwaysHoldAsManyRowsAndCoverThemEvenly()
    {
        var counts = new long[20];
        var replicates = Resampling.Replicates(20, 1, (times, figures) =>
        {
            figures[0] = 0;
            for (var row = 0; row < times.Length; row++)
            {
                Interlocked.Add(ref counts[row], times[row]);
                figures[0] += times[row];
            }
        }, new() { Resamples = 5000 });

        Assert.All(replicates[0], total => Assert.Equal(20, total));
        // 5000 draws expected for each row, with a standard deviation of 69.
        Assert.All(counts, count => Assert.InRange(count, 4650, 5350));
    }

    /// <summary>
    /// The variance of 30 values of e^(0.2 i), which is as skewed as its resamples. The bounds are SciPy's: norm.ppf and norm.cdf, and
    /// NumPy's quantile of the same 2,000 draws.
    /// </summary>
    [Theory]
    [InlineData(0.95, 2915.294807443366, 13105.261412594611)]
    [InlineData(0.8, 4339.612201082509, 11235.884588084231)]
    public void Intervals_OfASkewedFigure_AreThoseOfTheFormulaInSciPy(double level, double lower, double upper)
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => Math.Exp(0.2 * i))];
        double Variance(ReadOnlySpan<int> times)
        {
            double sum = 0, squares = 0;
            for (var i = 0; i < times.Length; i++)
                (sum, squares) = (sum + (times[i] * values[i]), squares + (times[i] * values[i] * values[i]));
            return (squares / 30) - (sum / 30 * (sum / 30));
        }

        int[] once = [.. Enumerable.Repeat(1, 30)];
        var interval = Resampling.Intervals(
            30, [Variance(once)], (times, figures) => figures[0] = Variance(times), new() { Resamples = 2000, ConfidenceLevel = level })[0];

        Assert.Equal(lower, interval.Lower, 1e-4);
        Assert.Equal(upper, interval.Upper, 1e-4);
        Assert.Equal(level, interval.Level);
    }

    /// <summary>Ties, undefined resamples and figures beyond all of them: by the formula, with Python's normal distribution.</summary>
    [Theory]
    [InlineData(new[] { 4, 2, 1.0, 2, 2 }, 2, 1.1, 3.8)]
    [InlineData(new[] { 1, 2, double.NaN, 4, double.NaN }, 2, 1.05, 3.9)]
    [InlineData(new[] { 8, 3, 2, 1.0, 4 }, 9, 3.907167747648558, 9)]
    [InlineData(new[] { 8, 3, 2, 1.0, 4 }, 0.5, 0.5, 2.092832252351442)]
    [InlineData(new[] { 7, 4, 2, 1.0 }, 3, 1.075, 6.775)]
    [InlineData(new[] { 3.0, 3, 3, 3 }, 3, 3, 3)]
    [InlineData(new[] { 1, 2, double.NaN, double.NaN }, 2, double.NaN, double.NaN)]
    [InlineData(new[] { 1, double.NaN, 2, double.NaN, double.NaN }, 2, double.NaN, double.NaN)]
    [InlineData(new[] { 1.0, 2, 3, 4 }, double.NaN, double.NaN, double.NaN)]
    public void Intervals_OfGivenResamples_AreThoseOfTheFormula(double[] resamples, double estimate, double lower, double upper)
    {
        var next = 0;
        var options = new BootstrapOptions { Resamples = resamples.Length, MaxDegreeOfParallelism = 1 };
        var interval = Resampling.Intervals(3, [estimate], (_, figures) => figures[0] = resamples[next++], options)[0];

        Assert.Equal(lower, interval.Lower, 1e-9);
        Assert.Equal(upper, interval.Upper, 1e-9);
        Assert.Equal(0.95, interval.Level);
    }

    [Theory]
    [InlineData(HeadlineMetric.MicroAccuracy, 0.5, 0.75, 0.125, 0.375, true, true)]
    [InlineData(HeadlineMetric.MicroAccuracy, 0.75, 0.5, -0.375, -0.125, true, false)]
    [InlineData(HeadlineMetric.LogLoss, 0.5, 0.75, 0.125, 0.375, true, false)]
    [InlineData(HeadlineMetric.LogLoss, 0.75, 0.5, -0.375, -0.125, true, true)]
    [InlineData(HeadlineMetric.MicroAccuracy, 0.5, 0.75, 0, 0.5, false, false)]
    [InlineData(HeadlineMetric.LogLoss, 0.75, 0.5, -0.5, 0, false, false)]
    [InlineData(HeadlineMetric.LogLoss, 0.75, 0.5, -0.5, 0.25, false, false)]
    public void Difference_WhoseIntervalExcludesZero_IsReal(
        HeadlineMetric metric, double before, double after, double lower, double upper, bool isReal, bool isImprovement)
    {
        var difference = new MetricDifference(metric, before, after, new(lower, upper, 0.95));

        Assert.Equal((after - before, isReal, isImprovement), (difference.Difference, difference.IsReal, difference.IsImprovement));
    }

    [Fact]
    public void IsHigherBetter_OfEachMetric_IsAsDocumented() => Assert.Equal(
        [
            HeadlineMetric.LogLoss, HeadlineMetric.BrierScore, HeadlineMetric.ExpectedCalibrationError,
            HeadlineMetric.MaximumCalibrationError, HeadlineMetric.RiskCoverageArea,
        ],
        Enum.GetValues<HeadlineMetric>().Where(metric => !HeadlineMetrics.IsHigherBetter(metric)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void StandardErrorIntervals_OfRows_AreTheirDefinition(bool weighted)
    {
        var table = PredictionTable.Random(11, 400, 4, weighted);
        var headline = new HeadlineMetrics(4, BinLayout.Default);
        headline.Add(table.Outcomes);
        var intervals = headline.StandardErrorIntervals(0.9);

        var rows = Enumerable.Range(0, 400).ToArray();
        double total = rows.Sum(table.Weight), effective = total * total / rows.Sum(row => table.Weight(row) * table.Weight(row));
        double Error(Func<int, double> value)
        {
            var mean = rows.Sum(row => table.Weight(row) * value(row)) / total;
            var squares = rows.Sum(row => Math.Pow(table.Weight(row) * (value(row) - mean), 2));
            return Math.Sqrt(squares * effective / (effective - 1)) / total;
        }

        // The variance of the mean of four independent recalls.
        var variance = Enumerable.Range(0, 4).Sum(label =>
        {
            double Count(Func<int, bool> counts) => rows.Where(row => table.Labels[row] == label && counts(row)).Sum(table.Weight);
            var recall = Count(row => Naive.Predicted(table, row) == label) / Count(_ => true);
            return recall * (1 - recall) / (Count(_ => true) * effective / total);
        });
        const double Quantile = 1.6448536269514722;
        void Check(HeadlineMetric metric, double error)
        {
            var (interval, mean) = (intervals[(int)metric]!.Value, table.Headline[(int)metric]);
            Assert.Equal(mean - (Quantile * error), interval.Lower, 1e-6);
            Assert.Equal(mean + (Quantile * error), interval.Upper, 1e-6);
            Assert.Equal(0.9, interval.Level);
        }

        Check(HeadlineMetric.LogLoss, Error(row => Naive.Loss(table, row)));
        Check(HeadlineMetric.BrierScore, Error(row => Naive.Brier(table, row)));
        Check(HeadlineMetric.MacroAccuracy, Math.Sqrt(variance) / 4);
        Assert.Equal(ConfidenceInterval.OfShare(table.Headline[3], effective, 0.9), intervals[3]);
        Assert.Equal(8, intervals.Count(interval => interval is null));
    }

    [Fact]
    public void StandardErrorIntervals_OfVeryGoodAndBadRows_StayWithinTheRangeOfTheFigure()
    {
        // One confident mistake in four rows, and only mistakes: the plain intervals reach beyond 0, 1 and 2.
        var good = new HeadlineMetrics(2, BinLayout.Default);
        good.Add(new PredictionTable(2, [1, 0, 0, 1, 1, 0, 1, 0], [0, 1, 0, 1]).Outcomes);
        Assert.Equal((0, 0), (good.StandardErrorIntervals(0.95)[0]!.Value.Lower, good.StandardErrorIntervals(0.95)[2]!.Value.Lower));
        Assert.Equal(1, good.StandardErrorIntervals(0.95)[4]!.Value.Upper);
        var bad = new HeadlineMetrics(2, BinLayout.Default);
        bad.Add(new PredictionTable(2, [1, 0, 0, 1, 1, 0, 0, 1], [1, 0, 0, 0]).Outcomes);
        Assert.Equal(2, bad.StandardErrorIntervals(0.95)[2]!.Value.Upper);
        Assert.Equal(0, bad.StandardErrorIntervals(0.95)[4]!.Value.Lower);
    }

    [Fact]
    public void Intervals_OfAnyFigure_CanBeAskedFor()
    {
        var table = PredictionTable.Random(4, 200, 3);
        var estimate = RocAuc.Macro(RocAuc.Compute(table.Block));
        var interval = Resampling.Intervals(200, [estimate], (times, figures) =>
        {
            var weights = times.ToArray().Select(count => (float)count).ToArray();
            figures[0] = RocAuc.Macro(RocAuc.Compute(new ProbabilityBlock(table.Probabilities, 3, table.Labels, weights)));
        }, new() { Resamples = 100 })[0];

        Assert.True(interval.Contains(estimate));
        Assert.InRange(interval.Upper - interval.Lower, 0.02, 0.3);
    }

    [Fact]
    public void Compare_OfAModelWithItself_FindsNoRealDifference()
    {
        var table = PredictionTable.Random(5, 200, 3);

        Assert.All(Bootstrap.Compare(table.Block, table.Block, options: new() { Resamples = 50 }), difference =>
        {
            Assert.Equal(0, difference.Difference);
            Assert.False(difference.IsReal);
            Assert.False(difference.IsImprovement);
        });
    }

    [Fact]
    public void Compare_OfABetterModel_SaysSo()
    {
        var before = PredictionTable.Random(6, 500, 3);
        // A quarter of the way from each answer to the truth.
        var after = before with
        {
            Probabilities = [.. before.Probabilities.Select((p, index) =>
            (0.75f * p) + (index % 3 == before.Labels[index / 3] ? 0.25f : 0))]
        };
        var differences = Bootstrap.Compare(before.Block, after.Block, options: new() { Resamples = 200 });

        Assert.True(differences[(int)HeadlineMetric.LogLoss].IsImprovement);
        Assert.True(differences[(int)HeadlineMetric.MicroAccuracy].IsImprovement);
        Assert.True(differences[(int)HeadlineMetric.BrierScore].Difference < 0);
    }

    [Fact]
    public void Compare_OfDifferentRows_IsRefused()
    {
        var table = PredictionTable.Random(7, 10, 3);
        var other = table with { Labels = [.. table.Labels.Select(label => (label + 1) % 3)] };
        var fewer = table.Rows(Enumerable.Range(0, 9));
        var wider = PredictionTable.Random(7, 10, 4);
        float[] weights = [.. Enumerable.Range(0, 10).Select(row => row == 9 ? 0.5f : 1)];

        Refusal.Of<ArgumentException>(() => Bootstrap.Compare(table.Block, fewer.Block), "found 10 and 9");
        Refusal.Of<ArgumentException>(() => Bootstrap.Compare(table.Block, other.Block), "row 0 has label");
        Refusal.Of<ArgumentException>(
            () => Bootstrap.Compare(table.Block, (table with { Weights = weights }).Block),
            $"row 9 has label {table.Labels[9]} and weight 1 in one, label {table.Labels[9]} and weight 0.5 in the other.");
        Refusal.Of<ArgumentException>(() => Bootstrap.Compare(table.Block, wider.Block), "rows of 3 classes, found 4");
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new BootstrapOptions { Resamples = 1 });
        Refusal.Of<ArgumentOutOfRangeException>(() => new BootstrapOptions { ConfidenceLevel = 1 });
        Refusal.Of<ArgumentOutOfRangeException>(() => new BootstrapOptions { ConfidenceLevel = double.NaN });
        Refusal.Of<ArgumentOutOfRangeException>(() => new BootstrapOptions { MaxDegreeOfParallelism = 0 });
    }
}
