namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The expected calibration error of the top label over bins with equal numbers of rows instead of equal width. No bin depends on a handful
/// of rows.
/// </summary>
/// <remarks>
/// Nixon et al., "Measuring Calibration in Deep Learning" (2019). Counts the rows by ranges of confidence and sorts only the ranges that
/// contain an edge of a bin: about 10 ns per row. Rows of equal confidence, which trees and votes produce, always share a bin: an edge
/// within such a group moves to its end. The order of the rows therefore does not matter, but bins can be less even, and some can be empty.
/// </remarks>
public static class AdaptiveCalibrationError
{
    // Eight bits of the mantissa: ranges from 0.2 to 0.4 % wide.
    private const int RangeShift = 15;
    private static readonly int RangeCount = RangeOf(1 + ProbabilityBlock.Tolerance) + 1;

    /// <summary>Computes the error.</summary>
    /// <param name="block">All rows.</param>
    /// <param name="binCount">
    /// The number of bins, at least 1. Rows are divided by their number, whatever their weights, as evenly as possible without splitting a
    /// group of equal confidence; the first bins have one row more.
    /// </param>
    /// <returns>From 0 to 1; NaN if no row has weight.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is less than 1.</exception>
    public static double Compute(ProbabilityBlock block, int binCount = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        var confidences = new RowConfidence[block.RowCount];
        for (var row = 0; row < confidences.Length; row++)
            confidences[row] = RowConfidence.Of(RowOutcomeKernel.Compute(block.Row(row), block.Labels[row], block.Weight(row)));
        return Compute([(ReadOnlyMemory<RowConfidence>)confidences], binCount);
    }

    /// <summary>Computes the error from the confidences of all rows, in any number of parts and any order.</summary>
    internal static double Compute(IReadOnlyList<ReadOnlyMemory<RowConfidence>> parts, int binCount)
    {
        var ranges = new Range[RangeCount];
        foreach (var part in parts)
        {
            foreach (var row in part.Span)
                ranges[RangeOf(row.Probability)].Count++;
        }

        var edges = new Edges(ranges.Sum(range => range.Count), binCount);
        var (start, toSort) = (0, 0);
        foreach (ref var range in ranges.AsSpan())
        {
            range.Start = start;
            start += range.Count;
            range.Bin = range.Count > 0 ? edges.BinOf(range.Start) : 0;
            range.IsDivided = range.Count > 0 && edges.EndOf(range.Bin) < start;
            toSort += range.IsDivided ? range.Count : 0;
        }

        var sums = new Vector256<double>[binCount];
        var keys = new ulong[toSort];
        toSort = 0;
        foreach (var part in parts)
        {
            foreach (var row in part.Span)
            {
                ref readonly var range = ref ranges[RangeOf(row.Probability)];
                if (range.IsDivided)
                    keys[toSort++] = row.Key;
                else
                    sums[range.Bin] += Sums(row);
            }
        }

        AddDivided(ProbabilitySort.Sort(keys, new ulong[toSort]), ranges, edges, sums);
        var total = Vector256<double>.Zero;
        foreach (var sum in sums)
            total += Vector256.Create(sum[0], Math.Abs(sum[2] - sum[1]), 0, 0);
        return total[1] / total[0];
    }

    private static void AddDivided(ReadOnlySpan<ulong> sorted, Range[] ranges, Edges edges, Vector256<double>[] sums)
    {
        var (position, bin) = (0, 0);
        for (var row = 0; row < sorted.Length; row++, position++)
        {
            var bits = (uint)(sorted[row] >> 32);
            var before = row == 0 ? uint.MaxValue : (uint)(sorted[row - 1] >> 32);
            if (bits >> RangeShift != before >> RangeShift)
                position = ranges[bits >> RangeShift].Start;
            if (bits != before)
                bin = edges.BinOf(position);
            sums[bin] += Sums(new RowConfidence(sorted[row]));
        }
    }

    private static Vector256<double> Sums(RowConfidence row)
    {
        double weight = row.Weight;
        return Vector256.Create(weight, weight * row.Probability, row.CorrectWeight, 0);
    }

    private static int RangeOf(float confidence) => (int)(BitConverter.SingleToUInt32Bits(confidence) >> RangeShift);

    /// <summary>The rows whose confidences begin with the same bits.</summary>
    private struct Range
    {
        public int Count, Start, Bin;

        /// <summary>Whether an edge of the bins lies between two of the rows.</summary>
        public bool IsDivided;
    }

    /// <summary>The end of each bin in the sorted rows: the first bins have one row more.</summary>
    private readonly struct Edges(int rowCount, int binCount)
    {
        private readonly int _size = rowCount / binCount;
        private readonly int _larger = rowCount % binCount;

        public int EndOf(int bin) => ((bin + 1) * _size) + Math.Min(bin + 1, _larger);

        public int BinOf(int position)
        {
            var rowsOfLarger = _larger * (_size + 1);
            return position < rowsOfLarger ? position / (_size + 1) : _larger + ((position - rowsOfLarger) / _size);
        }
    }
}
