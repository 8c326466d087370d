using System.Buffers;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The outcome of a row of probabilities, in 32 bytes for any number of classes. Every metric except the classwise calibration error and
/// the ROC AUC can be computed from outcomes alone, once or, as in the bootstrap, a thousand times.
/// </summary>
/// <remarks>
/// A metric that is computed from outcomes has three internal methods: Add takes rows in any number of portions, Merge adds everything
/// that another instance with the same settings received, and Transfer saves or loads it. However rows are divided, and in any order of
/// merging, the figures agree to within 1e-12. Instances are not thread-safe: give each thread its own and merge them.
/// </remarks>
/// <param name="Label">The true class, 0-based.</param>
/// <param name="Predicted">The most probable class; the lowest index of several that tie.</param>
/// <param name="Rank">
/// The number of classes before the true one, sorted by descending probability with ties to the lower index; 0 if the prediction is right.
/// </param>
/// <param name="LabelProbability">The probability of the true class.</param>
/// <param name="TopProbability">The probability of the predicted class: the confidence of the row.</param>
/// <param name="Weight">The weight of the row; 1 if there are no weights.</param>
/// <param name="SquaredError">The sum over all classes of (probability - [class is the true one])^2, from 0 to 2.</param>
internal readonly record struct RowOutcome(
    int Label, int Predicted, int Rank, float LabelProbability, float TopProbability, float Weight, double SquaredError)
{
    /// <summary>The number of rows processed at a time: small enough to stay in the first-level cache.</summary>
    public const int BlockRows = 256;

    public bool IsCorrect => Label == Predicted;

    /// <summary>The weight of the row if the prediction is right, else 0.</summary>
    public float CorrectWeight => Label == Predicted ? Weight : 0f;

    /// <summary>The outcome of every row, in one sweep over each row.</summary>
    public static RowOutcome[] Of(ProbabilityBlock block)
    {
        var outcomes = new RowOutcome[block.RowCount];
        Compute(block, outcomes);
        return outcomes;
    }

    public static void Compute(ProbabilityBlock block, Span<RowOutcome> outcomes)
    {
        for (var row = 0; row < block.RowCount; row++)
            outcomes[row] = RowOutcomeKernel.Compute(block.Row(row), block.Labels[row], block.Weight(row));
    }

    /// <summary>Passes the outcomes of all rows to <paramref name="metric"/>, a block at a time, and returns it.</summary>
    public static T Feed<T>(ProbabilityBlock block, T metric, Action<T, ReadOnlySpan<RowOutcome>> add)
    {
        var buffer = ArrayPool<RowOutcome>.Shared.Rent(BlockRows);
        for (var start = 0; start < block.RowCount; start += BlockRows)
        {
            var part = block.Slice(start, Math.Min(BlockRows, block.RowCount - start));
            Compute(part, buffer);
            add(metric, buffer.AsSpan(0, part.RowCount));
        }

        ArrayPool<RowOutcome>.Shared.Return(buffer);
        return metric;
    }
}

/// <summary>
/// One row's outcome: prediction, rank of the true class and squared error. Rows of eight classes and more go eight classes at a time.
/// </summary>
internal static class RowOutcomeKernel
{
    /// <summary>The outcome of a row of probabilities without NaN.</summary>
    public static RowOutcome Compute(ReadOnlySpan<float> row, int label, float weight) =>
        RowLanes.ArePossible(row.Length) ? EightByEight(row, label, weight) : OneByOne(row, label, weight);

    private static RowOutcome EightByEight(ReadOnlySpan<float> row, int label, float weight)
    {
        var labelProbability = row[label];
        // The bits of values that are not negative rise with them, so integers compare them; adding zero turns -0 into 0.
        var labelBits = Vector256.Create(BitConverter.SingleToInt32Bits(labelProbability + 0f));
        var indicesFromLabel = Vector256<int>.Indices - Vector256.Create(label);
        var highest = Vector256<float>.Zero;
        var (lowerSquares, upperSquares) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var ranks = Vector256<int>.Zero;
        for (var start = 0; start < row.Length; start += RowLanes.Width)
        {
            // The last vector overlaps the one before it: the values that were read before are not counted again.
            var first = Math.Min(start, row.Length - RowLanes.Width);
            var isNew = first == start ? Vector256<float>.AllBitsSet : RowLanes.IsInTail(row, start);
            var values = (RowLanes.Load(row, first) & isNew) + Vector256<float>.Zero;
            highest = Vector256.MaxNative(highest, values);
            var (lower, upper) = Vector256.Widen(values);
            lowerSquares = Vector256.FusedMultiplyAdd(lower, lower, lowerSquares);
            upperSquares = Vector256.FusedMultiplyAdd(upper, upper, upperSquares);
            // A class ranks before the true one if it is more probable, or as probable and of a lower index. The shift gives -1 for those.
            var threshold = labelBits + ((indicesFromLabel + Vector256.Create(first)) >> 31);
            ranks -= Vector256.GreaterThan(values.AsInt32(), threshold) & isNew.AsInt32();
        }

        var top = RowLanes.Largest(highest);
        var (rank, squares) = (Vector256.Sum(ranks), Vector256.Sum(lowerSquares + upperSquares));
        return Finish(FirstOf(row, top), top, rank, squares, labelProbability, label, weight);
    }

    /// <summary>
    /// The index of the largest value. The zeros of the tail equal it only if all values are 0, and then the first vector contains it.
    /// </summary>
    private static int FirstOf(ReadOnlySpan<float> row, float top)
    {
        var tops = Vector256.Create(top);
        if (row.Length <= 2 * RowLanes.Width)
        {
            // Without a branch, which would be unpredictable.
            var rest = row.Length - RowLanes.Width;
            return BitOperations.TrailingZeroCount(Vector256.Equals(RowLanes.Load(row, 0), tops).ExtractMostSignificantBits()
                | (Vector256.Equals(RowLanes.Load(row, rest), tops).ExtractMostSignificantBits() << rest));
        }

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
            top = probability > top ? probability : top;
            rank += probability > labelProbability || (probability == labelProbability && index < label) ? 1 : 0;
        }

        return Finish(predicted, top, rank, squares, labelProbability, label, weight);
    }

    /// <summary>sum (p - y)^2 = sum p^2 - 2 p_label + 1; the squares of floats are exact in double.</summary>
    private static RowOutcome Finish(int predicted, float top, int rank, double squares, float labelProbability, int label, float weight) =>
        new(label, predicted, rank, labelProbability, top, weight, double.MaxNative(0, squares - (2.0 * labelProbability) + 1));
}

/// <summary>Reads a row of at least eight values eight at a time, and nothing beyond its end.</summary>
internal static class RowLanes
{
    public const int Width = 8;

    /// <summary>Whether a row is long enough, and vectors are fast.</summary>
    public static bool ArePossible(int length) => length >= Width && !VectorSupport.IsInterpreted;

    /// <summary>Eight values from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(ReadOnlySpan<float> row, int start) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(row), (nuint)start);

    /// <summary>
    /// The last eight values of the row, with 0 in place of those before <paramref name="start"/>, which were read before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadTail(ReadOnlySpan<float> row, int start) =>
        Load(row, row.Length - Width) & IsInTail(row, start);

    /// <summary>All bits set in those of the last eight values that are from <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> IsInTail(ReadOnlySpan<float> row, int start) =>
        Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(start - (row.Length - Width))).AsSingle();

    /// <summary>The largest of the eight values, none of which is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector256<float> lanes)
    {
        var four = Vector128.MaxNative(lanes.GetLower(), lanes.GetUpper());
        var two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }
}
