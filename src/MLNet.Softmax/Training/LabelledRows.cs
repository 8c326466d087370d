using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>Rows to learn from or to judge by: dense features of equal length, and each row's class as an index from 0.</summary>
internal sealed record LabelledRows(IReadOnlyList<float[]> Features, IReadOnlyList<int> Labels)
{
    public int Count => Labels.Count;

    public static LabelledRows Empty { get; } = new([], []);

    public LabelledRows Select(IReadOnlyList<int> rows) => new([.. rows.Select(row => Features[row])], [.. rows.Select(row => Labels[row])]);

    public int[] ClassCounts(int classCount)
    {
        var counts = new int[classCount];
        foreach (var label in Labels)
            counts[label]++;
        return counts;
    }
}
