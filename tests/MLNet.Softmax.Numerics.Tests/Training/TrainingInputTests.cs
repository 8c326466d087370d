namespace MLNet.Softmax.Numerics.Tests.Training;

/// <summary>What a training begins with: rows that are split and standardised, and the shape of a network.</summary>
public class TrainingInputTests
{
    [Fact]
    public void Apply_TrainingRows_HaveMeanZeroAndDeviationOne()
    {
        var random = new Random(1);
        float Number() => (float)random.NextDouble();
        float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => new[] { Number(), 1e6f + 10 * Number(), -5e-20f * Number() })];
        var standardization = FeatureStandardization.Fit(Unlabelled(rows));

        foreach (var row in rows)
            standardization.Apply(row, row);

        for (var feature = 0; feature < 3; feature++)
        {
            var mean = rows.Average(row => (double)row[feature]);
            Assert.Equal(0, mean, 0.02);
            Assert.Equal(1, Math.Sqrt(rows.Average(row => (row[feature] - mean) * (row[feature] - mean))), 1e-4);
        }
    }

    [Fact]
    public void Apply_FeatureThatWasConstant_IsZeroForAnyValue()
    {
        var standardization = FeatureStandardization.Fit(Unlabelled([[0.1f, 1f], [0.1f, 2f], [0.1f, 4f]]));
        var row = new float[2];

        standardization.Apply([12345f, 1f], row);

        Assert.Equal(0f, row[0]);
        Assert.True(row[1] < 0);
    }

    [Fact]
    public void Fit_SubnormalSpread_KeepsTheScaleFinite()
    {
        var standardization = FeatureStandardization.Fit(Unlabelled([[0f], [float.Epsilon]]));

        Assert.True(float.IsFinite(standardization.Scales[0]));
    }

    [Fact]
    public void Constructor_UnequalCounts_NamesBoth()
    {
        Refusal.Of<ArgumentException>(() => new FeatureStandardization([1f, 2f], [1f]), "2 means and 1 scales");
    }

    [Fact]
    public void Fit_WholeWeights_AreRepetitions()
    {
        var weighted = FeatureStandardization.Fit(Unlabelled([[1f, 5f], [2f, 5f], [4f, 5f], [9f, 6f]], [3f, 1f, 2f, 0f]));
        var repeated = FeatureStandardization.Fit(Unlabelled([[1f, 5f], [1f, 5f], [1f, 5f], [2f, 5f], [4f, 5f], [4f, 5f]]));

        Assert.Equal(repeated.Means, weighted.Means);
        Assert.Equal(repeated.Scales[0], weighted.Scales[0], 1e-6f);
        Assert.Equal(0f, weighted.Scales[1]);
    }

    private static LabelledRows Unlabelled(float[][] rows, float[]? weights = null) => new(rows, new int[rows.Length], weights);

    [Fact]
    public void Split_Share_TakesTheSameShareOfEachClassAndLosesNoRow()
    {
        int[] labels = [.. Enumerable.Repeat(0, 100), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 3)];
        var rows = new LabelledRows([.. labels.Select((_, row) => new[] { (float)row })], labels);

        var (kept, setAside) = rows.Split(3, 0.2f, new Random(1));

        Assert.Equal([80, 16, 3], kept.ClassWeights(3));
        Assert.Equal([20, 4, 0], setAside.ClassWeights(3));
        var found = kept.Features.Concat(setAside.Features).Select(row => row[0]).Order();
        Assert.Equal(Enumerable.Range(0, 123).Select(row => (float)row), found);
    }

    [Fact]
    public void Split_NoShare_KeepsEverything()
    {
        var rows = new LabelledRows([[1f], [2f]], [0, 1]);

        var (kept, setAside) = rows.Split(2, 0f, new Random(1));
        Assert.Equal((2, 0), (kept.Count, setAside.Count));
    }

    [Fact]
    public void Split_Weights_StayWithTheirRows()
    {
        var rows = new LabelledRows([[1f], [2f], [3f], [4f]], [0, 0, 1, 1], [1f, 2f, 3f, 4f]);

        var (kept, setAside) = rows.Split(2, 0.5f, new Random(1));

        Assert.Equal((2, 2), (kept.Count, setAside.Count));
        Assert.All(new[] { kept, setAside }, part => Assert.Equal(part.Features.Select(row => row[0]), part.Weights));
        Assert.Equal(10, kept.TotalWeight() + setAside.TotalWeight());
    }

    [Fact]
    public void NetworkShape_Layers_LieOneAfterTheOther()
    {
        var shape = new NetworkShape(4, 8, 3);

        Assert.Equal(4 * 8 + 8 + 8 * 3 + 3, shape.ParameterCount);
        Assert.Equal([0, 40], shape.Layers.ToArray().Select(layer => layer.Offset));
        Assert.Equal((4, 3, 8), (shape.FeatureCount, shape.ClassCount, shape.WidestOutput));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Network_OfAnotherNumberOfParametersOrFeatures_IsRefused(int more)
    {
        var (shape, standardization) = (new NetworkShape(1, 2), new FeatureStandardization([0f], [1f]));
        Refusal.Of<ArgumentException>(
            () => new PerceptronNetwork(shape, standardization, new float[4 + more]), $"has 4 parameters, but {4 + more} were given");
        Refusal.Of<ArgumentException>(
            () => new PerceptronNetwork(new NetworkShape(2, 2), standardization, new float[6]), "takes 2 features, but 1 are standardised");
    }

    [Fact]
    public void NetworkShape_LayerWithoutUnitsOrMoreWeightsThanAnArrayHolds_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new NetworkShape(4, 0, 3));
        Assert.Equal([7, 5], new NetworkShape(4, 7, 5, 3).HiddenLayers);
        Refusal.Of<ArgumentException>(
            () => new NetworkShape(4), "A network needs at least its number of features and its number of classes.");
        Refusal.Of<ArgumentException>(() => new NetworkShape(100_000, 100_000, 3),
            $"Layers of 100000, 100000, 3 units have more than {Array.MaxLength} weights; use smaller hidden layers.");
    }
}
