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
    private const uint PositiveFlag = 0x8000_0000;
    private const int RowsPerSegment = 4096;
    private readonly int _classCount;
    private readonly List<Segment> _segments = [];

    internal RocAuc(int classCount) => _classCount = classCount;

    /// <summary>The mean of the classes' areas, leaving out the undefined ones (NaN).</summary>
    /// <param name="ofClasses">The result of <see cref="Compute"/>.</param>
    /// <returns>From 0 to 1; NaN where every area is.</returns>
    public static double Macro(ReadOnlySpan<double> ofClasses)
    {
        double[] defined = [.. ofClasses.ToArray().Where(area => !double.IsNaN(area))];
        return defined.Sum() / defined.Length;
    }

    /// <summary>Computes the area of every class.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>One area a class, from 0 to 1, 0.5 being chance; NaN for a class without rows or with all rows.</returns>
    public static double[] Compute(ProbabilityBlock block)
    {
        var areas = new RocAuc(block.ClassCount);
        areas.Add(block);
        return areas.ToArray(maxDegreeOfParallelism: 1);
    }

    /// <summary>Copies the rows.</summary>
    internal void Add(ProbabilityBlock block)
    {
        for (var start = 0; start < block.RowCount; start += RowsPerSegment)
        {
            var part = block.Slice(start, Math.Min(RowsPerSegment, block.RowCount - start));
            _segments.Add(new(part.Probabilities.ToArray(), part.Labels.ToArray(), part.Weights.IsEmpty ? null : part.Weights.ToArray()));
        }
    }

    internal void Merge(RocAuc other) => _segments.AddRange(other._segments);

    /// <summary>The area of every class, so many classes at a time, each with 16 bytes a row of its own; -1 for all cores.</summary>
    internal double[] ToArray(int maxDegreeOfParallelism)
    {
        var areas = new double[_classCount];
        var rows = checked((int)_segments.Sum(segment => (long)segment.Labels.Length));
        var options = new ParallelOptions { MaxDegreeOfParallelism = maxDegreeOfParallelism };
        Parallel.For(0, _classCount, options, () => (Keys: new ulong[rows], Scratch: new ulong[rows]), (label, _, own) =>
        {
            FillKeys(own.Keys, label);
            areas[label] = Area(ProbabilitySort.Sort(own.Keys, own.Scratch));
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
                // The weight, which is never negative, lends its sign to say whether the row belongs to the class.
                var weight = BitConverter.SingleToUInt32Bits(segment.Weights?[row] ?? 1f);
                var carried = segment.Labels[row] == label ? weight | PositiveFlag : weight;
                keys[filled++] = ProbabilitySort.Key(segment.Probabilities[(row * _classCount) + label], carried);
            }
        }
    }

    /// <summary>The area under one curve, from rows sorted by the probability of the class.</summary>
    private static double Area(ReadOnlySpan<ulong> sortedKeys)
    {
        double area = 0, positives = 0, negatives = 0;
        for (var start = 0; start < sortedKeys.Length;)
        {
            // Rows of equal probability form one step of the curve, whatever their order.
            var probabilityBits = sortedKeys[start] >> 32;
            double positivesHere = 0, negativesHere = 0;
            for (; start < sortedKeys.Length && sortedKeys[start] >> 32 == probabilityBits; start++)
            {
                var carried = ProbabilitySort.Carried(sortedKeys[start]);
                double weight = BitConverter.UInt32BitsToSingle(carried & ~PositiveFlag);
                var isPositive = (carried & PositiveFlag) != 0;
                positivesHere += isPositive ? weight : 0;
                negativesHere += isPositive ? 0 : weight;
            }

            area += positivesHere * (negatives + (negativesHere / 2));
            positives += positivesHere;
            negatives += negativesHere;
        }

        return area / (positives * negatives);
    }

    private sealed record Segment(float[] Probabilities, int[] Labels, float[]? Weights);
}

/// <summary>
/// Sorts probabilities that carry something along: integers with the bits of a float that is not negative in the upper half, and anything
/// in the lower.
/// By falling digits of eleven bits, three sweeps whatever the order: several times as fast as comparing when there are many.
/// </summary>
internal static class ProbabilitySort
{
    private const int DigitBits = 11;
    private const int Digits = 3;
    private const int FewRows = 4096;

    /// <summary>The bits of floats that are not negative rise with their value; adding zero turns -0 into 0.</summary>
    public static ulong Key(float probability, uint carried) => ((ulong)BitConverter.SingleToUInt32Bits(probability + 0f) << 32) | carried;

    public static uint Carried(ulong key) => (uint)key;

    /// <summary>Sorts by probability, equal ones in the order they came.</summary>
    /// <param name="keys">What to sort.</param>
    /// <param name="scratch">As much room again. Both are overwritten.</param>
    /// <returns>One of the two, sorted.</returns>
    public static ulong[] Sort(ulong[] keys, ulong[] scratch)
    {
        if (keys.Length < FewRows)
        {
            // Stable as well: what is carried decides between equal probabilities, and rows carry rising numbers.
            Array.Sort(keys);
            return keys;
        }

        for (var digit = 0; digit < Digits; digit++)
        {
            Sweep(keys, scratch, 32 + (digit * DigitBits));
            (keys, scratch) = (scratch, keys);
        }

        return keys;
    }

    private static void Sweep(ulong[] source, ulong[] target, int shift)
    {
        const uint Mask = (1u << DigitBits) - 1;
        Span<int> starts = stackalloc int[1 << DigitBits];
        starts.Clear();
        foreach (var key in source)
            starts[(int)((uint)(key >> shift) & Mask)]++;
        var start = 0;
        foreach (ref var count in starts)
            (count, start) = (start, start + count);
        foreach (var key in source)
            target[starts[(int)((uint)(key >> shift) & Mask)]++] = key;
    }
}
