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

        Refusal.Of<ArgumentException>(() => Bootstrap.Compare(table.Block, fewer.Block), "found 10 and 9");
        Refusal.Of<ArgumentException>(() => Bootstrap.Compare(table.Block, other.Block), "row 0 has label");
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
