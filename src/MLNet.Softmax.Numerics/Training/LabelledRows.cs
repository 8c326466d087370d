using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>Rows to train or validate on: features of equal length, each row's class index, and each row's weight.</summary>
/// <param name="Features">The features of each row.</param>
/// <param name="Labels">The class of each row.</param>
/// <param name="Weights">The weight of each row, finite and at least 0; null if all are 1.</param>
internal sealed record LabelledRows(IReadOnlyList<float[]> Features, IReadOnlyList<int> Labels, IReadOnlyList<float>? Weights = null)
{
    public static LabelledRows Empty { get; } = new([], []);

    public int Count => Labels.Count;

    public float WeightOf(int row) => Weights is null ? 1 : Weights[row];

    public double TotalWeight() => Weights is null ? Count : Weights.Sum(weight => (double)weight);

    /// <summary>The total weight of each class's rows.</summary>
    public double[] ClassWeights(int classCount)
    {
        var totals = new double[classCount];
        for (var row = 0; row < Count; row++)
            totals[Labels[row]] += WeightOf(row);
        return totals;
    }

    public LabelledRows Select(IReadOnlyList<int> rows) => new(
        [.. rows.Select(row => Features[row])], [.. rows.Select(row => Labels[row])],
        Weights is null ? null : [.. rows.Select(row => Weights[row])]);

    /// <summary>Sets the same share of every class's rows aside. A class with too few rows keeps them all.</summary>
    /// <param name="classCount">The number of classes; every label is below it.</param>
    /// <param name="share">The share of each class to set aside, at least 0 and below 1; rounded down to whole rows.</param>
    /// <param name="random">Chooses the rows.</param>
    public (LabelledRows Kept, LabelledRows SetAside) Split(int classCount, float share, Random random)
    {
        var remaining = new int[classCount];
        foreach (var label in Labels)
            remaining[label]++;
        for (var label = 0; label < classCount; label++)
            remaining[label] = (int)(remaining[label] * (double)share);

        var shuffled = Enumerable.Range(0, Count).ToArray();
        random.Shuffle(shuffled);
        var isSetAside = new bool[Count];
        foreach (var row in shuffled)
            isSetAside[row] = remaining[Labels[row]]-- > 0;

        var all = Enumerable.Range(0, Count).ToLookup(row => isSetAside[row]);
        return (Select([.. all[false]]), Select([.. all[true]]));
    }
}

/// <summary>
/// Scales each feature to mean 0 and standard deviation 1 over the training rows: (x - mean) * scale. A constant feature has the scale 0:
/// it does not depend on the class, so a new value of it must not change the scores.
/// </summary>
internal sealed class FeatureStandardization
{
    private readonly float[] _means;
    private readonly float[] _scales;

    public FeatureStandardization(float[] means, float[] scales)
    {
        if (means.Length != scales.Length)
            throw new ArgumentException(
                $"There are {means.Length} means and {scales.Length} scales; one of each per feature is expected.", nameof(scales));
        (_means, _scales) = (means, scales);
    }

    public ReadOnlySpan<float> Means => _means;

    public ReadOnlySpan<float> Scales => _scales;

    public int FeatureCount => _means.Length;

    /// <summary>Leaves every feature as it is.</summary>
    public static FeatureStandardization None(int featureCount) =>
        new(new float[featureCount], [.. Enumerable.Repeat(1f, featureCount)]);

    /// <summary>
    /// Weighted mean and population standard deviation, like scikit-learn's <c>StandardScaler.fit(X, sample_weight)</c>: in two passes and
    /// in double precision, so that a large offset does not reduce the precision.
    /// </summary>
    public static FeatureStandardization Fit(LabelledRows rows)
    {
        var featureCount = rows.Features[0].Length;
        var total = rows.TotalWeight();
        var means = new double[featureCount];
        var squares = new double[featureCount];
        bool[] isConstant = [.. Enumerable.Repeat(true, featureCount)];
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
