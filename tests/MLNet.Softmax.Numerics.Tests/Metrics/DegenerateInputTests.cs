using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class DegenerateInputTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    public void Block_ValueThatIsNoProbability_IsRefusedWithItsPlace(float value)
    {
        var error = Assert.Throws<ArgumentException>(() => new ProbabilityBlock([.5f, .5f, .5f, value], 2, [0, 1]).RowCount);

        Assert.Contains("Row 1, class 1", error.Message);
        Assert.Contains("is not a probability", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Block_LabelThatIsNoClass_IsRefusedWithItsRow(int label) =>
        Assert.Contains($"Row 1: label {label}", Assert.Throws<ArgumentException>(
            () => new ProbabilityBlock([.5f, .5f, .5f, .5f], 2, [0, label]).RowCount).Message);

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Block_WeightThatIsNegativeOrNotFinite_IsRefusedWithItsRow(float weight) =>
        Assert.Contains("Row 1", Assert.Throws<ArgumentException>(
            () => new ProbabilityBlock([.5f, .5f, .5f, .5f], 2, [0, 1], [1, weight]).RowCount).Message);

    [Fact]
    public void Block_LengthsThatDisagree_AreRefusedWithBothNumbers()
    {
        Assert.Contains("need 6 probabilities, found 5", Assert.Throws<ArgumentException>(
            () => new ProbabilityBlock(new float[5], 3, [0, 1]).RowCount).Message);
        Assert.Throws<ArgumentException>(() => new ProbabilityBlock(new float[4], 2, [0, 1], [1]).RowCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProbabilityBlock([], 0, []).RowCount);
    }

    [Fact]
    public void Metrics_NoRows_AreNaN()
    {
        var headline = new HeadlineMetrics(3);
        headline.Add([]);

        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Assert.Equal(double.NaN, headline[metric]));
        Assert.All(TopKAccuracy.Compute(new ProbabilityBlock([], 3, [])), value => Assert.Equal(double.NaN, value));
        Assert.All(RocAuc.Compute(new ProbabilityBlock([], 3, [])), value => Assert.Equal(double.NaN, value));
        Assert.Equal(double.NaN, ClasswiseCalibration.Compute(new ProbabilityBlock([], 3, [])).ExpectedError);
        Assert.Equal(double.NaN, AdaptiveCalibrationError.Compute([]));
        Assert.Empty(headline.RiskCoverage.ToPoints());
        Assert.Equal(0, headline.Totals.RowCount);
    }

    [Fact]
    public void Metrics_OneClass_ArePerfectAndCorrelationIsUndefined()
    {
        var table = new PredictionTable(1, [1, 1, 1], [0, 0, 0]);
        var headline = RowOutcomes.Feed(new HeadlineMetrics(1), table.Block);

        Assert.Equal(0, headline[HeadlineMetric.LogLoss]);
        Assert.Equal(0, headline[HeadlineMetric.BrierScore]);
        Assert.Equal(1, headline[HeadlineMetric.MicroAccuracy]);
        Assert.Equal(0, headline[HeadlineMetric.MatthewsCorrelation]);
        Assert.Equal(double.NaN, headline[HeadlineMetric.CohenKappa]);
        Assert.Equal([double.NaN], RocAuc.Compute(table.Block));
    }

    [Fact]
    public void Metrics_WholeWeights_CountAsRepeatedRows()
    {
        var weighted = PredictionTable.Random(21, 400, 5, weighted: true);
        var repeated = weighted.Rows(Enumerable.Range(0, 400).SelectMany(row => Enumerable.Repeat(row, (int)weighted.Weight(row)))) with { Weights = null };
        var first = RowOutcomes.Feed(new HeadlineMetrics(5), weighted.Block);
        var second = RowOutcomes.Feed(new HeadlineMetrics(5), repeated.Block);

        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Assert.Equal(second[metric], first[metric], 1e-12));
        Assert.Equal(TopKAccuracy.Compute(repeated.Block), TopKAccuracy.Compute(weighted.Block));
        Assert.Equal(RocAuc.Compute(repeated.Block), RocAuc.Compute(weighted.Block));
        Assert.Equal(ClasswiseCalibration.Compute(repeated.Block).ExpectedError, ClasswiseCalibration.Compute(weighted.Block).ExpectedError, 1e-12);
        Assert.Equal(second.RiskCoverage.ToPoints().Length, first.RiskCoverage.ToPoints().Length);
    }

    [Fact]
    public void Metrics_AllWeightsZero_AreNaN()
    {
        var headline = RowOutcomes.Feed(new HeadlineMetrics(2), new ProbabilityBlock([.5f, .5f], 2, [0], [0]));

        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Assert.Equal(double.NaN, headline[metric]));
        Assert.Equal(1, headline.Totals.RowCount);
    }

    [Fact]
    public void LogLoss_TrueClassGivenZero_IsCountedAndStaysFinite()
    {
        var loss = RowOutcomes.Feed(new LogLoss(2), new ProbabilityBlock([1, 0, 1, 0], 2, [0, 1]));

        Assert.Equal(1, loss.ImpossibleRows);
        Assert.Equal(-Math.Log(1.17549435e-38f) / 2, loss.Mean, 1e-12);
    }

    [Fact]
    public void ClassAverages_ClassWithNeitherRowsNorPredictions_IsLeftOut()
    {
        var totals = ClassTotals.Compute(new ProbabilityBlock([.6f, .4f, 0, .3f, .7f, 0], 3, [0, 0]));

        Assert.Equal(double.NaN, F1Score.OfClass(totals, 2));
        Assert.Equal(1.0 / 3, F1Score.Macro(totals), 1e-15);
        Assert.Equal(0.5, Precision.Macro(totals), 1e-15);
        Assert.Equal(0.5, Accuracy.Macro(totals), 1e-15);
        Assert.Equal(2.0 / 3, F1Score.Weighted(totals), 1e-15);
        Assert.Equal(1, Precision.Weighted(totals), 1e-15);
    }

    [Theory]
    [InlineData(ProbabilityRowKind.Probabilities, new[] { .2f, .8f })]
    [InlineData(ProbabilityRowKind.Probabilities, new[] { .2f, .8005f })]
    [InlineData(ProbabilityRowKind.Probabilities, new[] { 1f })]
    [InlineData(ProbabilityRowKind.Logits, new[] { -.2f, 1.2f })]
    [InlineData(ProbabilityRowKind.Logits, new[] { 3f, 4f })]
    [InlineData(ProbabilityRowKind.Logits, new[] { -3f, -4f })]
    [InlineData(ProbabilityRowKind.LogProbabilities, new[] { -0.6931472f, -0.6931472f })]
    [InlineData(ProbabilityRowKind.LogProbabilities, new[] { 0f, float.NegativeInfinity })]
    [InlineData(ProbabilityRowKind.IndependentProbabilities, new[] { .9f, .8f })]
    [InlineData(ProbabilityRowKind.IndependentProbabilities, new[] { 0f, 0f })]
    [InlineData(ProbabilityRowKind.IndependentProbabilities, new float[0])]
    [InlineData(ProbabilityRowKind.NotFinite, new[] { float.NaN, 1f })]
    [InlineData(ProbabilityRowKind.NotFinite, new[] { float.PositiveInfinity, 1f })]
    [InlineData(ProbabilityRowKind.NotFinite, new[] { float.NegativeInfinity, 1.5f })]
    public void Examine_OfARow_SaysWhatItLooksLike(ProbabilityRowKind kind, float[] row) => Assert.Equal(kind, ProbabilityRow.Examine(row));
}
