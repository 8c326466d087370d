namespace MLNet.Softmax.Numerics.Training;

/// <summary>Rows to train or validate on: dense features of equal length, each row's class as an index from 0, and what the row counts.</summary>
/// <param name="Features">The features of each row.</param>
/// <param name="Labels">The class of each row.</param>
/// <param name="Weights">The weight of each row, finite and at least 0; null when every row counts 1.</param>
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
        [.. rows.Select(row => Features[row])], [.. rows.Select(row => Labels[row])], Weights is null ? null : [.. rows.Select(row => Weights[row])]);

    /// <summary>Sets the same share of every class's rows aside. A class with too few rows to share keeps them all.</summary>
    /// <param name="classCount">The number of classes; every label is below it.</param>
    /// <param name="share">The share of each class to set aside, from 0 up to, but not including, 1; rounded down to whole rows.</param>
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
