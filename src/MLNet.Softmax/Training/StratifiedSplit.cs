using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>Sets a share of the rows aside, the same share of every class; a class with too few rows to share keeps them all for training.</summary>
internal static class StratifiedSplit
{
    /// <param name="rows">The rows to split.</param>
    /// <param name="classCount">The number of classes; every label is below it.</param>
    /// <param name="share">The share of each class to set aside, from 0 up to, but not including, 1; rounded down to whole rows.</param>
    /// <param name="random">Chooses the rows.</param>
    public static (LabelledRows Kept, LabelledRows SetAside) Create(LabelledRows rows, int classCount, float share, Random random)
    {
        var remaining = rows.ClassCounts(classCount);
        for (var label = 0; label < classCount; label++)
            remaining[label] = (int)(remaining[label] * (double)share);

        var shuffled = Enumerable.Range(0, rows.Count).ToArray();
        random.Shuffle(shuffled);
        var isSetAside = new bool[rows.Count];
        foreach (var row in shuffled)
            isSetAside[row] = remaining[rows.Labels[row]]-- > 0;

        var all = Enumerable.Range(0, rows.Count).ToLookup(row => isSetAside[row]);
        return (rows.Select([.. all[false]]), rows.Select([.. all[true]]));
    }
}
