using MLNet.Softmax.Training;

namespace MLNet.Softmax.Tests.Training;

public class FeatureStandardizationTests
{
    [Fact]
    public void Apply_TrainingRows_HaveMeanZeroAndDeviationOne()
    {
        var random = new Random(1);
        float[][] rows = [.. Enumerable.Range(0, 200).Select(_ => new[] { (float)random.NextDouble(), 1e6f + 10 * (float)random.NextDouble(), -5e-20f * (float)random.NextDouble() })];
        var standardization = FeatureStandardization.Fit(rows);

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
        var standardization = FeatureStandardization.Fit([[0.1f, 1f], [0.1f, 2f], [0.1f, 4f]]);
        var row = new float[2];

        standardization.Apply([12345f, 1f], row);

        Assert.Equal(0f, row[0]);
        Assert.True(row[1] < 0);
    }

    [Fact]
    public void Fit_SubnormalSpread_KeepsTheScaleFinite()
    {
        var standardization = FeatureStandardization.Fit([[0f], [float.Epsilon]]);

        Assert.True(float.IsFinite(standardization.Scales[0]));
    }

    [Fact]
    public void Constructor_UnequalCounts_NamesBoth()
    {
        var exception = Assert.Throws<ArgumentException>(() => new FeatureStandardization([1f, 2f], [1f]));

        Assert.Contains("2 means and 1 scales", exception.Message, StringComparison.Ordinal);
    }
}
