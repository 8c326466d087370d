using System.Numerics;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// One row's outcome: prediction, rank of the true class and squared error. Rows of eight classes and more go eight classes at a time.
/// </summary>
internal static class RowOutcomeKernel
{
    /// <summary>The outcome of a row of probabilities without NaN.</summary>
    public static RowOutcome Compute(ReadOnlySpan<float> row, int label, float weight) =>
        row.Length < RowLanes.Width ? OneByOne(row, label, weight) : EightByEight(row, label, weight);

    private static RowOutcome EightByEight(ReadOnlySpan<float> row, int label, float weight)
    {
        var labelProbability = row[label];
        var labels = Vector256.Create(labelProbability);
        var highest = Vector256<float>.Zero;
        var squares = Vector256<double>.Zero;
        var rank = 0;
        for (var start = 0; start < row.Length; start += RowLanes.Width)
        {
            var isTail = start > row.Length - RowLanes.Width;
            var values = isTail ? RowLanes.LoadTail(row, start) : RowLanes.Load(row, start);
            highest = Vector256.MaxNative(highest, values);
            var (low, high) = Vector256.Widen(values);
            squares += (low * low) + (high * high);

            // Classes that stand before the true one: more probable, or as probable and of a lower index. The zeros that stand for values
            // read before are never more probable, and are left out of the ties.
            var first = isTail ? row.Length - RowLanes.Width : start;
            var lower = LanesBelow(label - first) & ~LanesBelow(start - first);
            var greater = Vector256.GreaterThan(values, labels).ExtractMostSignificantBits();
            var tied = Vector256.Equals(values, labels).ExtractMostSignificantBits();
            rank += BitOperations.PopCount(greater | (tied & lower));
        }

        var top = RowLanes.Largest(highest);
        return Finish(FirstOf(row, top), top, rank, Vector256.Sum(squares), labelProbability, label, weight);
    }

    /// <summary>
    /// Where the largest value stands first. The zeros of the tail equal it only where all values are 0, and then the first vector has it.
    /// </summary>
    private static int FirstOf(ReadOnlySpan<float> row, float top)
    {
        var tops = Vector256.Create(top);
        var start = 0;
        for (; start <= row.Length - RowLanes.Width; start += RowLanes.Width)
        {
            var equal = Vector256.Equals(RowLanes.Load(row, start), tops).ExtractMostSignificantBits();
            if (equal != 0)
                return start + BitOperations.TrailingZeroCount(equal);
        }

        var last = Vector256.Equals(RowLanes.LoadTail(row, start), tops).ExtractMostSignificantBits();
        return row.Length - RowLanes.Width + BitOperations.TrailingZeroCount(last);
    }

    private static RowOutcome OneByOne(ReadOnlySpan<float> row, int label, float weight)
    {
        var labelProbability = row[label];
        var top = row[0];
        var predicted = 0;
        var rank = 0;
        var squares = 0.0;
        for (var index = 0; index < row.Length; index++)
        {
            var probability = row[index];
            squares += (double)probability * probability;
            predicted = probability > top ? index : predicted;
            top = Math.Max(top, probability);
            rank += probability > labelProbability || (probability == labelProbability && index < label) ? 1 : 0;
        }

        return Finish(predicted, top, rank, squares, labelProbability, label, weight);
    }

    /// <summary>sum (p - y)^2 = sum p^2 - 2 p_label + 1; the squares of floats are exact in double.</summary>
    private static RowOutcome Finish(int predicted, float top, int rank, double squares, float labelProbability, int label, float weight) =>
        new(label, predicted, rank, labelProbability, top, weight, Math.Max(0, squares - (2.0 * labelProbability) + 1));

    /// <summary>A bit for each of the first <paramref name="count"/> lanes, from none to all eight.</summary>
    private static uint LanesBelow(int count) => (1u << Math.Clamp(count, 0, RowLanes.Width)) - 1;
}
