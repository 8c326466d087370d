namespace MLNet.Softmax.Numerics.Tests.Training;

public class FeatureStandardizationTests
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
}
