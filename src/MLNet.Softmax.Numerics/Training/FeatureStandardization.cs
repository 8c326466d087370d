using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>
/// Brings each feature to mean 0 and standard deviation 1 over the training rows: (x - mean) * scale. A feature that is constant there
/// has the scale 0: it says nothing about the classes, and a new value of it later must not move the scores.
/// </summary>
internal sealed class FeatureStandardization
{
    private readonly float[] _means;
    private readonly float[] _scales;

    public FeatureStandardization(float[] means, float[] scales)
    {
        if (means.Length != scales.Length)
            throw new ArgumentException($"There are {means.Length} means and {scales.Length} scales; one of each per feature is expected.", nameof(scales));
        (_means, _scales) = (means, scales);
    }

    public ReadOnlySpan<float> Means => _means;

    public ReadOnlySpan<float> Scales => _scales;

    public int FeatureCount => _means.Length;

    /// <summary>Leaves every feature as it is.</summary>
    public static FeatureStandardization None(int featureCount)
    {
        var scales = new float[featureCount];
        Array.Fill(scales, 1f);
        return new FeatureStandardization(new float[featureCount], scales);
    }

    /// <summary>
    /// Weighted mean and population standard deviation, as scikit-learn's <c>StandardScaler.fit(X, sample_weight)</c> computes them: in two
    /// passes and in double precision, so that a large offset costs no digits.
    /// </summary>
    public static FeatureStandardization Fit(LabelledRows rows)
    {
        var featureCount = rows.Features[0].Length;
        var total = rows.TotalWeight();
        var means = new double[featureCount];
        var squares = new double[featureCount];
        var isConstant = new bool[featureCount];
        Array.Fill(isConstant, true);
        float[]? first = null;
        for (var index = 0; index < rows.Count; index++)
        {
            var (row, weight) = (rows.Features[index], (double)rows.WeightOf(index));
            if (weight == 0)
                continue;
            first ??= row;
            for (var feature = 0; feature < featureCount; feature++)
            {
                means[feature] += weight * row[feature] / total;
                isConstant[feature] &= row[feature] == first[feature];
            }
        }

        for (var index = 0; index < rows.Count; index++)
        {
            var (row, weight) = (rows.Features[index], (double)rows.WeightOf(index));
            for (var feature = 0; feature < featureCount; feature++)
            {
                var deviation = row[feature] - means[feature];
                squares[feature] += weight * deviation * deviation;
            }
        }

        var scales = new float[featureCount];
        for (var feature = 0; feature < featureCount; feature++)
        {
            if (!isConstant[feature])
                scales[feature] = (float)Math.Min(float.MaxValue, 1 / Math.Sqrt(squares[feature] / total));
        }

        return new FeatureStandardization(Array.ConvertAll(means, mean => (float)mean), scales);
    }

    /// <summary>Writes the standardised row; in place is allowed.</summary>
    public void Apply(ReadOnlySpan<float> features, Span<float> standardized)
    {
        TensorPrimitives.Subtract(features, _means, standardized);
        TensorPrimitives.Multiply(standardized[.._means.Length], _scales, standardized);
    }
}
