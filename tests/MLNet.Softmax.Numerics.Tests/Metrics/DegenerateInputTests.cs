namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class DegenerateInputTests
{
    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.1f)]
    [InlineData(1.1f)]
    public void Block_ValueThatIsNoProbability_IsRefusedWithItsPlace(float value) => Refusal.Of<ArgumentException>(
        () => new ProbabilityBlock([.5f, .5f, .5f, value], 2, [0, 1]).RowCount, "Row 1, class 1", "is not a probability");

    [Theory]
    [InlineData(-1, 1f, "Row 1: label -1 is not a class. Expected 0 to 1")]
    [InlineData(2, 1f, "Row 1: label 2")]
    [InlineData(1, -1f, "Row 1")]
    [InlineData(1, float.NaN, "Row 1")]
    [InlineData(1, float.PositiveInfinity, "Row 1")]
    public void Block_LabelThatIsNoClassOrImpossibleWeight_IsRefusedWithItsRow(int label, float weight, string place) =>
        Refusal.Of<ArgumentException>(() => new ProbabilityBlock([.5f, .5f, .5f, .5f], 2, [0, label], [1, weight]).RowCount, place);

    [Fact]
    public void Block_LengthsThatDisagree_AreRefusedWithBothNumbers()
    {
        Refusal.Of<ArgumentException>(() => new ProbabilityBlock(new float[5], 3, [0, 1]).RowCount, "need 6 probabilities, found 5");
        Refusal.Of<ArgumentException>(() => new ProbabilityBlock(new float[4], 2, [0, 1], [1]).RowCount);
        Refusal.Of<ArgumentOutOfRangeException>(() => new ProbabilityBlock([], 0, []).RowCount);
    }

    [Fact]
    public void Metrics_NoRows_AreNaN()
    {
        var none = new PredictionTable(3, [], []);

        Assert.All(none.Headline, value => Assert.Equal(double.NaN, value));
        Assert.All(TopKAccuracy.Compute(none.Block), value => Assert.Equal(double.NaN, value));
        Assert.All(RocAuc.Compute(none.Block), value => Assert.Equal(double.NaN, value));
        Assert.Equal(double.NaN, ClasswiseCalibration.Compute(none.Block).ExpectedError);
        Assert.Equal(double.NaN, AdaptiveCalibrationError.Compute(none.Block));
        Assert.Empty(RiskCoverage.Compute(none.Block).ToPoints());
        Assert.Equal(0, ClassificationMetrics.Compute(none.Block).RowCount);
    }

    [Fact]
    public void Metrics_OneClass_ArePerfectAndCorrelationIsUndefined()
    {
        var table = new PredictionTable(1, [1, 1, 1], [0, 0, 0]);
        var metrics = ClassificationMetrics.Compute(table.Block);

        Assert.Equal((0, 0), (LogLoss.Compute(table.Block).Mean, BrierScore.Compute(table.Block).Mean));
        Assert.Equal((1, 0, double.NaN), (metrics.MicroAccuracy, metrics.MatthewsCorrelation, metrics.CohenKappa));
        Assert.Equal([double.NaN], RocAuc.Compute(table.Block));
    }

    [Fact]
    public void PriorEntropy_WithAClassThatHasNoRow_IsThatOfTheOthers() => Assert.Equal(
        Math.Log(2), LogLoss.Compute(new PredictionTable(3, [.5f, .5f, 0, .5f, .5f, 0], [0, 1]).Block).PriorEntropy, 1e-15);

    [Fact]
    public void Metrics_WholeWeights_CountAsRepeatedRows()
    {
        var weighted = PredictionTable.Random(21, 400, 5, weighted: true);
        var copies = Enumerable.Range(0, 400).SelectMany(row => Enumerable.Repeat(row, (int)weighted.Weight(row)));
        var repeated = weighted.Rows(copies) with { Weights = null };

        Assert.All(weighted.Headline.Zip(repeated.Headline), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.Equal(TopKAccuracy.Compute(repeated.Block), TopKAccuracy.Compute(weighted.Block));
        Assert.Equal(RocAuc.Compute(repeated.Block), RocAuc.Compute(weighted.Block));
        Assert.Equal(
            ClasswiseCalibration.Compute(repeated.Block).ExpectedError, ClasswiseCalibration.Compute(weighted.Block).ExpectedError, 1e-12);
        Assert.Equal(RiskCoverage.Compute(repeated.Block).ToPoints().Length, RiskCoverage.Compute(weighted.Block).ToPoints().Length);
    }

    [Fact]
    public void Metrics_AllWeightsZero_AreNaN()
    {
        var table = new PredictionTable(2, [.5f, .5f], [0], [0]);

        Assert.All(table.Headline, value => Assert.Equal(double.NaN, value));
        Assert.Equal(1, ClassificationMetrics.Compute(table.Block).RowCount);
    }

    [Fact]
    public void Block_ValueOutOfRangeInTheFirstRow_IsRefusedWithItsPlace()
    {
        float[] rows = [.5f, .5f, .5f, .5f];
        Refusal.Of<ArgumentException>(() => Count(new ProbabilityBlock(rows, 2, [0, 1], [-1, 1])), "Row 0: -1 is not a weight");
        Refusal.Of<ArgumentException>(() => Count(new ProbabilityBlock(rows, 2, [0, 1], [1, float.NaN])), "Row 1: NaN is not a weight");
        Refusal.Of<ArgumentException>(() => Count(new ProbabilityBlock([-.5f, .5f], 2, [0])), "Row 0, class 0: -0.5 is not a probability");
        Refusal.Of<ArgumentException>(() => Count(new ProbabilityBlock(rows, 2, [2, 1])), "Row 0: label 2 is not a class");
        Refusal.Of<ArgumentException>(() => Count(new ProbabilityBlock(rows, 2, [0, -1])), "Row 1: label -1 is not a class");
        Assert.Equal(2, Count(new ProbabilityBlock(rows, 2, [0, 1], [-0f, 1])));

        static object? Count(ProbabilityBlock block) => block.RowCount;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void AdaptiveCalibrationError_WithoutBins_IsRefused(int binCount) => Assert.Equal(
        binCount, Assert.Throws<ArgumentOutOfRangeException>(
            "binCount", () => AdaptiveCalibrationError.Compute(new ProbabilityBlock([.5f, .5f], 2, [0]), binCount)).ActualValue);

    [Fact]
    public void LogLoss_TrueClassGivenZero_IsCountedAndStaysFinite()
    {
        var loss = LogLoss.Compute(new ProbabilityBlock([1, 0, 1, 0], 2, [0, 1]));

        Assert.Equal(1, loss.ImpossibleRows);
        Assert.Equal(-Math.Log(1.17549435e-38f) / 2, loss.Mean, 1e-12);
    }

    [Fact]
    public void ClassAverages_ClassWithNeitherRowsNorPredictions_IsLeftOut()
    {
        var metrics = ClassificationMetrics.Compute(new ProbabilityBlock([.6f, .4f, 0, .3f, .7f, 0], 3, [0, 0]));

        Assert.Equal(double.NaN, metrics.F1(2));
        Assert.Equal(1.0 / 3, metrics.MacroF1, 1e-15);
        Assert.Equal(0.5, metrics.MacroPrecision, 1e-15);
        Assert.Equal(0.5, metrics.MacroAccuracy, 1e-15);
        Assert.Equal(2.0 / 3, metrics.WeightedF1, 1e-15);
        Assert.Equal(1, metrics.WeightedPrecision, 1e-15);
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
