namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class KnownValueTests
{
    private static readonly PredictionTable FourRows = new(3, [.7f, .2f, .1f, .1f, .8f, .1f, .2f, .2f, .6f, .3f, .4f, .3f], [0, 1, 2, 1]);

    [Fact]
    public void LogLoss_OfFourRows_IsThePublishedValue() => Assert.Equal(.5017, LogLoss.Compute(FourRows.Block).Mean, 5e-5);

    [Fact]
    public void BrierScore_OfFourRows_IsThePublishedValue() => Assert.Equal(.245, BrierScore.Compute(FourRows.Block).Mean, 1e-7);

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
    public void WilsonInterval_OfAShare_IsThePublishedInterval(double share, double count, double lower, double upper)
    {
        var interval = ConfidenceInterval.OfShare(share, count);

        Assert.Equal(lower, interval.Lower, 1e-6);
        Assert.Equal(upper, interval.Upper, 1e-6);
    }

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
}
