namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The area under the ROC curve of each class against the rest: the chance that a row of the class is given a higher probability of it than
/// a row of another class, ties counting half.
/// </summary>
/// <remarks>
/// Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic curve" (1982); the macro average as in
/// scikit-learn's roc_auc_score(multi_class="ovr"). Keeps every row, 4 bytes x (classes + 2), and sorts once per class when
/// asked: about 20 ns per row and class. The order in which rows come in does not matter.
/// </remarks>
public sealed class RocAuc
{
    private const int RowsPerSegment = 4096;
    private readonly int _classCount;
    private readonly List<Segment> _segments = [];

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is less than 1.</exception>
    public RocAuc(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        _classCount = classCount;
    }

    private int RowCount => checked((int)_segments.Sum(segment => (long)segment.Labels.Length));

    /// <summary>The mean of the classes' areas, leaving out the undefined ones (NaN).</summary>
    /// <param name="ofClasses">What <see cref="ToArray"/> gave.</param>
    /// <returns>From 0 to 1; NaN where every area is.</returns>
    public static double Macro(ReadOnlySpan<double> ofClasses)
    {
        var sum = 0.0;
        var count = 0;
        foreach (var area in ofClasses)
        {
            if (double.IsNaN(area))
                continue;
            sum += area;
            count++;
        }

        return sum / count;
    }

    /// <summary>Computes the areas of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>As <see cref="ToArray"/>.</returns>
    public static double[] Compute(ProbabilityBlock block)
    {
        var areas = new RocAuc(block.ClassCount);
        areas.Add(block);
        return areas.ToArray();
    }

    /// <summary>Takes rows in; they are copied.</summary>
    /// <param name="block">The rows.</param>
    /// <exception cref="ArgumentException">The rows have another number of classes.</exception>
    public void Add(ProbabilityBlock block)
    {
        if (block.ClassCount != _classCount)
            throw new ArgumentException($"Rows of {block.ClassCount} classes given to an accumulator of {_classCount}.", nameof(block));

        for (var start = 0; start < block.RowCount; start += RowsPerSegment)
            _segments.Add(new Segment(block.Slice(start, Math.Min(RowsPerSegment, block.RowCount - start))));
    }

    /// <summary>Takes in all that another accumulator was fed with; the other is left as it is.</summary>
    /// <param name="other">An accumulator of as many classes.</param>
    /// <exception cref="ArgumentException">The classes differ.</exception>
    public void Merge(RocAuc other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeGuard.SameClasses(_classCount, other._classCount);
        _segments.AddRange(other._segments);
    }

    /// <summary>The area of every class.</summary>
    /// <param name="maxDegreeOfParallelism">How many classes to sort at a time, each with 16 bytes a row of its own; -1 for all
    /// cores.</param>
    /// <returns>One area a class, from 0 to 1, 0.5 being chance; NaN for a class without rows or with all rows.</returns>
    public double[] ToArray(int maxDegreeOfParallelism = 1)
    {
        var areas = new double[_classCount];
        var rows = RowCount;
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism };
        Parallel.For(0, _classCount, options, () => (Keys: new ulong[rows], Scratch: new ulong[rows]), (label, _, own) =>
        {
            FillKeys(own.Keys, label);
            areas[label] = RocArea.Compute(ProbabilitySort.Sort(own.Keys, own.Scratch));
            return own;
        }, _ => { });
        return areas;
    }

    private void FillKeys(ulong[] keys, int label)
    {
        var filled = 0;
        foreach (var segment in _segments)
        {
            for (var row = 0; row < segment.Labels.Length; row++)
            {
                keys[filled++] = RocArea.Key(
                    segment.Probabilities[(row * _classCount) + label], segment.Weights?[row] ?? 1f, segment.Labels[row] == label);
            }
        }
    }

    private sealed class Segment(ProbabilityBlock block)
    {
        public float[] Probabilities { get; } = block.Probabilities.ToArray();

        public int[] Labels { get; } = block.Labels.ToArray();

        public float[]? Weights { get; } = block.Weights.IsEmpty ? null : block.Weights.ToArray();
    }
}
