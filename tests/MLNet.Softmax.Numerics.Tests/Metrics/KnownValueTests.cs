namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class KnownValueTests
{
    private static readonly PredictionTable FourRows = new(3, [.7f, .2f, .1f, .1f, .8f, .1f, .2f, .2f, .6f, .3f, .4f, .3f], [0, 1, 2, 1]);

    [Fact]
    public void LogLossAndBrierScore_OfFourRows_AreThePublishedValues()
    {
        Assert.Equal(.5017, LogLoss.Compute(FourRows.Block).Mean, 5e-5);
        Assert.Equal(.245, BrierScore.Compute(FourRows.Block).Mean, 1e-7);
    }

    [Fact]
    public void LogLossReduction_OfTheClassFrequencies_IsZero()
    {
        var table = new PredictionTable(2, [.75f, .25f, .75f, .25f, .75f, .25f, .75f, .25f], [0, 0, 0, 1]);
        var loss = LogLoss.Compute(table.Block);

        Assert.Equal(0.5623351446188083, loss.PriorEntropy, 1e-15);
        Assert.Equal(0, loss.Reduction, 1e-15);
    }

    [Fact]
    public void TopKAccuracy_TiedProbabilities_GoToTheLowerIndex()
    {
        var table = new PredictionTable(3, [.4f, .4f, .2f, .4f, .4f, .2f], [0, 1]);

        Assert.Equal([.5, 1, 1], TopKAccuracy.Compute(table.Block));
    }

    [Theory]
    [InlineData(0.5, 10, 0.2365931, 0.7634069)]
    [InlineData(0.0, 10, 0.0, 0.2775328)]
    [InlineData(1.0, 10, 0.7224672, 1.0)]
    [InlineData(0.9, 50, 0.7863977, 0.9565242)]
    [InlineData(0.5, 1, 0.0546208, 0.9453792)]
    [InlineData(0.5, 0.5, 0.0296726, 0.9703274)]
    public void WilsonInterval_OfAShare_IsThePublishedInterval(double share, double count, double lower, double upper)
    {
        var interval = ConfidenceInterval.OfShare(share, count);

        Assert.Equal(lower, interval.Lower, 1e-6);
        Assert.Equal(upper, interval.Upper, 1e-6);
    }

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.5, -1)]
    [InlineData(0.5, double.NaN)]
    [InlineData(double.NaN, 10)]
    public void WilsonInterval_OfNothing_HasNoBounds(double share, double count) =>
        Assert.Equal(new ConfidenceInterval(double.NaN, double.NaN, 0.95), ConfidenceInterval.OfShare(share, count));

    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.025, -1.959963984540054)]
    [InlineData(0.995, 2.5758293035489004)]
    [InlineData(1e-10, -6.361340902404056)]
    public void NormalQuantile_OfAProbability_IsTheTabledValue(double probability, double quantile)
    {
        Assert.Equal(quantile, NormalDistribution.Quantile(probability), 1e-9);
        Assert.Equal(probability, NormalDistribution.Cumulative(quantile), 1e-12);
    }

    /// <summary>Python's erfc, on both sides of the place where the series ends and the fraction begins.</summary>
    [Theory]
    [InlineData(-8, 6.220960574271819e-16)]
    [InlineData(-3.0000001, 0.0013498975884453205)]
    [InlineData(-3, 0.0013498980316300957)]
    [InlineData(-2.9999999, 0.001349898474815001)]
    [InlineData(-0.5, 0.3085375387259869)]
    [InlineData(0, 0.5)]
    [InlineData(0.5, 0.6914624612740131)]
    [InlineData(3.5, 0.9997673709209645)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(double.PositiveInfinity, 1)]
    public void NormalCumulative_OfAValue_IsThatOfPython(double value, double probability) =>
        Assert.Equal(probability, NormalDistribution.Cumulative(value), 1e-13 * probability);

    [Theory]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-0.5, double.NegativeInfinity)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(1.5, double.PositiveInfinity)]
    public void NormalQuantile_OfNoneOrAll_IsInfinite(double probability, double quantile) =>
        Assert.Equal(quantile, NormalDistribution.Quantile(probability));

    [Fact]
    public void Interval_Bounds_BelongToIt()
    {
        var interval = new ConfidenceInterval(0.25, 0.5, 0.95);

        Assert.All((double[])[0.25, 0.3, 0.5], value => Assert.True(interval.Contains(value)));
        Assert.All((double[])[0.2499, 0.5001, double.NaN], value => Assert.False(interval.Contains(value)));
        Assert.Equal(new(0.3, 0.4, 0.95), interval.Within(0.3, 0.4));
        Assert.Equal(interval, interval.Within(0, 1));
        Assert.Equal(new(0.2, 0.5, 0.95), interval.Including(0.2));
        Assert.Equal(new(0.25, 0.6, 0.95), interval.Including(0.6));
        Assert.Equal(interval, interval.Including(0.3));
    }

    [Fact]
    public void StandardError_OfOneRowOrEqualRows_IsUndefinedOrZero()
    {
        for (var p = 0.01f; p < 1; p += 0.013f)
            Assert.Equal(double.NaN, BrierScore.Compute(new PredictionTable(2, [p, 1 - p], [0]).Block).StandardError);
        Assert.Equal(double.NaN, LogLoss.Compute(new PredictionTable(2, [.5f, .5f], [0], [3]).Block).StandardError);
        Assert.Equal(0, BrierScore.Compute(new PredictionTable(2, [.5f, .5f, .5f, .5f], [0, 1]).Block).StandardError);
    }

    [Fact]
    public void Sum_OfLargeAndSmallValues_LosesNothing()
    {
        CompensatedSum sum = default, small = default, large = default;
        sum.Add(1);
        large.Add(1e16);
        small.Add(3);
        sum.Merge(large);
        sum.Add(-1e16);
        sum.Merge(small);
        Assert.Equal(4, sum.Value);
        Assert.Equal(1e16 + 8, CompensatedSum.Total([sum, large, sum]));
    }

    [Fact]
    public void RiskCoverage_OfTwoGroups_IsTheIntegralOfTheRisk()
    {
        // Four rows at 0.9, one of them wrong, then six at 0.6, three of them wrong: the risk of the first 4 + t rows is (1 + t / 2) /
        // (4 + t), whose integral over six rows is 3 - ln(10 / 4).
        int[] labels = [0, 0, 0, 1, 0, 0, 0, 1, 1, 1];
        float[] probabilities = [.. labels.SelectMany((_, row) => row < 4 ? new[] { .9f, .1f } : [.6f, .4f])];
        var curve = RiskCoverage.Compute(new(probabilities, 2, labels));

        Assert.Equal((1 + 3 - Math.Log(2.5)) / 10, curve.Area, 1e-12);
        Assert.Equal([new(.9f, .4, .25), new(.6f, 1, .4)], curve.ToPoints());

        // A row without weight answers nothing: in a group of its own, and in one with others.
        var without = RiskCoverage.Compute(new([.6f, .4f, .9f, .1f, .599f, .401f], 2, [0, 0, 0], [1, 0, 0]));
        Assert.Equal([new(.6f, 1, 0)], without.ToPoints());
        Assert.Equal(0, without.Area);
    }

    /// <summary>Confidences share a group if their distances from 1 differ by at most one part in 32; 1 itself has its own.</summary>
    [Fact]
    public void RiskCoverage_OfCloseConfidences_GroupsThemByTheirDistanceFromOne()
    {
        static int Groups(params float[] confidences) => RiskCoverage.Compute(new(
            [.. confidences.SelectMany(confidence => new[] { confidence, 0 })], 2, new int[confidences.Length])).ToPoints().Length;
        const float Least = 5.9604645e-8f;

        Assert.Equal(1, Groups(1, 1.005f));
        Assert.Equal(2, Groups(1, 1 - Least));
        Assert.Equal(2, Groups(1 - Least, 1 - (2 * Least)));
        Assert.Equal(1, Groups(0.5f, 0.5f - (0.9f / 64)));
        Assert.Equal(2, Groups(0.5f, 0.5f - (1.1f / 64)));
        Assert.Equal(2, Groups(0.5f, 0.5f + Least));
        Assert.Equal(2, Groups(0.25f, 0));
        Assert.Equal(1, Groups(0, 0));
    }

    [Fact]
    public void RocAuc_PerfectRanking_IsOneAndConstantProbabilitiesAreChance()
    {
        Assert.Equal([1, 1], RocAuc.Compute(new PredictionTable(2, [.9f, .1f, .4f, .6f], [0, 1]).Block));
        Assert.Equal([.5, .5], RocAuc.Compute(new PredictionTable(2, [.9f, .1f, .9f, .1f], [0, 1]).Block));
    }

    [Theory]
    [InlineData(BinConvention.UpperInclusive, 0.5f, 0)]
    [InlineData(BinConvention.LowerInclusive, 0.5f, 1)]
    [InlineData(BinConvention.UpperInclusive, 0f, 0)]
    [InlineData(BinConvention.UpperInclusive, 1f, 1)]
    [InlineData(BinConvention.LowerInclusive, 0f, 0)]
    [InlineData(BinConvention.LowerInclusive, 1f, 1)]
    [InlineData(BinConvention.LowerInclusive, 1.0005f, 1)]
    public void BinLayout_ProbabilityOnAnEdge_GoesWhereTheConventionSays(BinConvention convention, float probability, int bin) =>
        Assert.Equal(bin, new BinLayout(2, convention).IndexOf(probability));

    [Theory]
    [InlineData(0)]
    [InlineData(65_537)]
    public void BinLayout_CountOutOfRange_IsRefused(int count) => Refusal.Of<ArgumentOutOfRangeException>(() => new BinLayout(count));

    [Fact]
    public void ReliabilityBin_OfKnownRows_HoldsClaimAndOutcome()
    {
        var table = new PredictionTable(2, [.75f, .25f, .75f, .25f, 1, 0], [0, 1, 0]);
        var bins = TopLabelCalibration.Compute(table.Block, new BinLayout(2)).ToBins();

        Assert.True(bins[0].IsEmpty);
        Assert.True(double.IsNaN(bins[0].Gap));
        Assert.Equal(3, bins[1].Weight);
        Assert.Equal(2.5 / 3, bins[1].MeanProbability, 1e-12);
        Assert.Equal(2.0 / 3, bins[1].ObservedFrequency, 1e-12);
        Assert.Equal(ConfidenceInterval.OfShare(2.0 / 3, 3), bins[1].Interval);
    }

    [Fact]
    public void MeanConfidence_OfRowsInAnyBinAndOnTheEdges_IsTheMeanOfTheirTopProbabilities()
    {
        float[] few = [.99f, .01f, .97f, .03f, .98f, .02f], all = [1, 0, .5f, .5f, .6f, .4f, .3f, .7f];
        Assert.Equal(.98, TopLabelCalibration.Compute(new ProbabilityBlock(few, 2, [0, 0, 0])).MeanConfidence, 1e-7);
        Assert.Equal(.7, TopLabelCalibration.Compute(new ProbabilityBlock(all, 2, [0, 0, 0, 0])).MeanConfidence, 1e-7);
        var weighted = TopLabelCalibration.Compute(new ProbabilityBlock(all, 2, [0, 0, 0, 0], [1, 0, 3, 0]), new BinLayout(2));
        Assert.Equal((1 + (3 * .6)) / 4, weighted.MeanConfidence, 1e-7);
    }

    [Fact]
    public void ClassAverages_ClassOfOneRow_CountsAsMuchAsItsRow()
    {
        var metrics = ClassificationMetrics.Compute(new ProbabilityBlock([1, 0, 1, 0, 0, 1], 2, [0, 0, 1]));

        Assert.Equal((1, 1, 1, 1), (metrics.WeightedF1, metrics.WeightedPrecision, metrics.MacroF1, metrics.MacroAccuracy));
    }

    [Fact]
    public void ClassWeights_OfWeightedRows_AreCountedByLabelAndByPrediction()
    {
        var metrics = ClassificationMetrics.Compute(new ProbabilityBlock([1, 0, 1, 0, 0, 1], 2, [0, 1, 1], [2, 3, 4]));

        Assert.Equal((2, 7), (metrics.LabelWeight(0), metrics.LabelWeight(1)));
        Assert.Equal((5, 4), (metrics.PredictedWeight(0), metrics.PredictedWeight(1)));
        Assert.Equal((2, 4), (metrics.CorrectWeight(0), metrics.CorrectWeight(1)));
    }

    /// <summary>Wilson's interval of 5 rows of 10. A common weight does not make more rows of them.</summary>
    [Theory]
    [InlineData(1, 0.95, 0.2365931, 0.7634069)]
    [InlineData(3, 0.95, 0.2365931, 0.7634069)]
    [InlineData(1, 0.9, 0.2692718, 0.7307282)]
    public void MicroAccuracyInterval_OfTenRows_IsThePublishedInterval(float weight, double level, double lower, double upper)
    {
        float[] probabilities = [.. Enumerable.Repeat((float[])[1, 0], 10).SelectMany(row => row)];
        int[] labels = [.. Enumerable.Range(0, 10).Select(row => row % 2)];
        var metrics = ClassificationMetrics.Compute(new(probabilities, 2, labels, [.. Enumerable.Repeat(weight, 10)]));
        var interval = metrics.MicroAccuracyInterval(level);

        Assert.Equal(lower, interval.Lower, 1e-6);
        Assert.Equal(upper, interval.Upper, 1e-6);
        Assert.Equal(level, interval.Level);
    }

    private const double Tolerance = 1e-6;

    public static TheoryData<string, string> Cases => new()
    {
        { "digits", "all" }, { "digits", "testBefore" }, { "digits", "testAfter" },
        { "cifar10-wideresnet", "all" }, { "cifar10-wideresnet", "testBefore" }, { "cifar10-wideresnet", "testAfter" },
        { "cifar10-vgg16", "all" }, { "cifar10-vgg16", "testBefore" }, { "cifar10-vgg16", "testAfter" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Metrics_OnARealNetwork_AreThoseOfTheReference(string network, string part)
    {
        var recorded = RecordedNetwork.Load(network);
        var all = new PredictionTable(RecordedNetwork.ClassCount, recorded.Probabilities, recorded.Labels);
        var test = part == "all" ? all : all.Rows(Enumerable.Range(recorded.HalfRows, recorded.HalfRows));
        var table = part == "testAfter" ? Scaled(test, recorded.Number("temperature")) : test;

        var classification = ClassificationMetrics.Compute(table.Block);
        var calibration = TopLabelCalibration.Compute(table.Block);
        var topK = TopKAccuracy.Compute(table.Block);
        var measured = new Dictionary<string, double>
        {
            ["accuracy"] = classification.MicroAccuracy,
            ["nll"] = LogLoss.Compute(table.Block).Mean,
            ["brier"] = BrierScore.Compute(table.Block).Mean,
            ["ece15"] = calibration.ExpectedError,
            ["mce15"] = calibration.MaximumError,
            ["adaptiveEce15"] = AdaptiveCalibrationError.Compute(table.Block),
            ["classwiseEce15"] = ClasswiseCalibration.Compute(table.Block).ExpectedError,
            ["top3"] = topK[2],
            ["top5"] = topK[4],
            ["macroF1"] = classification.MacroF1,
            ["balancedAccuracy"] = classification.MacroAccuracy,
            ["matthews"] = classification.MatthewsCorrelation,
            ["cohenKappa"] = classification.CohenKappa,
            ["macroRocAucOvr"] = RocAuc.Macro(RocAuc.Compute(table.Block)),
        };

        var expected = recorded.Metrics(part);
        Assert.Equal(expected.Keys.Order(), measured.Keys.Order());
        Assert.All(expected, entry => Assert.Equal(entry.Value, measured[entry.Key], Tolerance));
    }

    /// <summary>p^(1/T), renormalised, in double precision.</summary>
    private static PredictionTable Scaled(PredictionTable table, double temperature)
    {
        var scaled = Enumerable.Range(0, table.RowCount).SelectMany(row =>
        {
            var powers = table.Row(row).Select(p => Math.Pow(Math.Max(p, LogLoss.SmallestProbability), 1 / temperature)).ToArray();
            var sum = powers.Sum();
            return powers.Select(power => (float)(power / sum));
        });
        return table with { Probabilities = [.. scaled] };
    }
}
