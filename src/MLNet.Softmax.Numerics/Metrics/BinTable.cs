using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Rows of bins. Each bin has four sums side by side, so that one vector addition updates them: weight, weight squared, weight x
/// probability, and weight of the cases that came true.
/// </summary>
/// <remarks>
/// Each row has an extra slot at either end. The slot of a probability then takes one multiplication and one rounding, without clamping;
/// the slots of 0 and beyond 1 are counted with the first and the last bin when read. With many classes, almost all of them have a
/// probability in the first bin. The sums of that bin are therefore side by side for neighbouring classes, so that vectors update them,
/// and cases of weight 1 add only their probabilities there: their number is that of all such cases without those in other bins.
/// </remarks>
internal sealed class BinTable(int rowCount, BinLayout layout)
{
    private readonly float _highestOfFirst = HighestOfFirst(layout);
    // The weights are those of cases whose weight is not 1.
    private readonly double[] _firstClaims = new double[rowCount], _firstWeights = new double[rowCount];
    private readonly double[] _firstSquares = new double[rowCount];
    private readonly long[] _unitCasesElsewhere = new long[rowCount];
    private readonly int _slots = layout.Count + 2;
    private readonly Vector256<double>[] _sums = new Vector256<double>[checked(rowCount * (layout.Count + 2))];

    private long _unitCases;

    public BinLayout Layout => layout;

    public int RowCount => rowCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int row, float probability, double weight, double cameTrue)
    {
        var sum = Vector256.Create(weight, weight * weight, weight * probability, cameTrue);
        _sums[(row * _slots) + SlotOf(probability, layout)] += sum;
    }

    /// <summary>Adds one case: a probability for each row of the table. It comes true only in the row <paramref name="label"/>.</summary>
    /// <param name="probabilities">One probability for each row of the table.</param>
    /// <param name="slots">Their slots.</param>
    /// <param name="label">The row of the case that came true.</param>
    /// <param name="weight">The weight of the case.</param>
    public void AddToEachRow(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> slots, int label, double weight)
    {
        var weights = Vector256.Create(weight, weight * weight, 0, 0);
        var claim = Vector256.Create(0, 0, weight, 0);
        var sums = _sums.AsSpan();
        var first = 0;
        for (var row = 0; row < slots.Length; row++)
        {
            // Exact on every machine: each element has either a claim or a weight.
            sums[first + slots[row]] += Vector256.MultiplyAddEstimate(claim, Vector256.Create((double)probabilities[row]), weights);
            first += _slots;
        }

        sums[(label * _slots) + slots[label]] += Vector256.Create(0, 0, 0, weight);
    }

    /// <summary>The same one by one, for a browser, where .NET is interpreted and a vector costs more than its elements.</summary>
    /// <param name="probabilities">One probability for each row of the table.</param>
    /// <param name="label">The row of the case that came true.</param>
    /// <param name="weight">The weight of the case.</param>
    public void AddOneByOne(ReadOnlySpan<float> probabilities, int label, double weight)
    {
        var sums = MemoryMarshal.Cast<Vector256<double>, double>(_sums.AsSpan());
        var square = weight * weight;
        for (int row = 0, first = 0; row < probabilities.Length; row++, first += _slots)
        {
            var sum = (first + SlotOf(probabilities[row], layout)) * Vector256<double>.Count;
            sums[sum] += weight;
            sums[sum + 1] += square;
            sums[sum + 2] += weight * probabilities[row];
        }

        _sums[(label * _slots) + SlotOf(probabilities[label], layout)] += Vector256.Create(0, 0, 0, weight);
    }

    /// <summary>Does the same for a table of many rows, most of which get a probability in the first bin.</summary>
    /// <param name="probabilities">One probability for each row of the table.</param>
    /// <param name="label">The row of the case that came true.</param>
    /// <param name="weight">The weight of the case.</param>
    public void AddToManyRows(ReadOnlySpan<float> probabilities, int label, double weight)
    {
        var isUnit = weight == 1;
        _unitCases += isUnit ? 1 : 0;
        var highest = Vector256.Create(_highestOfFirst);
        var row = 0;
        for (; row <= probabilities.Length - RowLanes.Width; row += RowLanes.Width)
        {
            var values = RowLanes.Load(probabilities, row);
            var isFirst = Vector256.LessThanOrEqual(values, highest);
            var (lower, upper) = Vector256.Widen(values & isFirst.AsSingle());
            AddTo(_firstClaims, row, lower * weight, upper * weight);
            if (!isUnit)
            {
                (lower, upper) = Vector256.Widen(Vector256<float>.One & isFirst);
                AddTo(_firstWeights, row, lower * weight, upper * weight);
                AddTo(_firstSquares, row, lower * (weight * weight), upper * (weight * weight));
            }

            for (var others = (~isFirst).ExtractMostSignificantBits(); others != 0; others &= others - 1)
                AddElsewhere(row + BitOperations.TrailingZeroCount(others), probabilities, weight);
        }

        for (; row < probabilities.Length; row++)
            AddElsewhere(row, probabilities, weight);
        _sums[(label * _slots) + SlotOf(probabilities[label], layout)] += Vector256.Create(0, 0, 0, weight);
    }

    public void Merge(BinTable other)
    {
        for (var index = 0; index < _sums.Length; index++)
            _sums[index] += other._sums[index];
        TensorPrimitives.Add(_firstClaims, other._firstClaims, _firstClaims);
        TensorPrimitives.Add(_firstWeights, other._firstWeights, _firstWeights);
        TensorPrimitives.Add(_firstSquares, other._firstSquares, _firstSquares);
        TensorPrimitives.Add(_unitCasesElsewhere, other._unitCasesElsewhere, _unitCasesElsewhere);
        _unitCases += other._unitCases;
    }

    public void Transfer(StateTransfer state)
    {
        state.Sums<Vector256<double>>(_sums);
        state.Sums<double>(_firstClaims);
        state.Sums<double>(_firstWeights);
        state.Sums<double>(_firstSquares);
        _unitCases = state.Count(_unitCases);
        state.Numbers<long>(_unitCasesElsewhere);
        StateTransfer.Check(!_unitCasesElsewhere.AsSpan().ContainsAnyExceptInRange(0, _unitCases), "a number of rows does not exist");
    }

    /// <summary>How many bytes a table takes at least.</summary>
    public static long LeastBytes(int rowCount, BinLayout layout) => (long)rowCount * (layout.Count + 2) * Vector256<byte>.Count;

    public ReliabilityBin[] ToBins(int row, double level)
    {
        var bins = new ReliabilityBin[layout.Count];
        for (var bin = 0; bin < bins.Length; bin++)
        {
            var sums = Sums(row, bin);
            var weight = sums[0];
            var observed = sums[3] / weight;
            var effectiveCount = weight * weight / sums[1];
            bins[bin] = new ReliabilityBin(
                layout.LowerEdge(bin), layout.LowerEdge(bin + 1), weight, sums[2] / weight, observed,
                ConfidenceInterval.OfShare(observed, effectiveCount, level));
        }

        return bins;
    }

    /// <summary>sum over bins of |came true - claimed| / weight of the row; NaN if the row has no weight.</summary>
    public double ExpectedError(int row)
    {
        double gaps = 0, weight = 0;
        for (var bin = 0; bin < layout.Count; bin++)
        {
            var sums = Sums(row, bin);
            gaps += Math.Abs(sums[3] - sums[2]);
            weight += sums[0];
        }

        return gaps / weight;
    }

    public double MeanProbability(int row)
    {
        var total = Vector256<double>.Zero;
        for (var bin = 0; bin < layout.Count; bin++)
            total += Sums(row, bin);
        return total[2] / total[0];
    }

    /// <summary>The widest gap of a bin that has weight; NaN if none has.</summary>
    public double MaximumError(int row)
    {
        var widest = double.NaN;
        for (var bin = 0; bin < layout.Count; bin++)
        {
            var sums = Sums(row, bin);
            if (sums[0] > 0)
                widest = Math.Max(double.IsNaN(widest) ? 0 : widest, Math.Abs(sums[3] - sums[2]) / sums[0]);
        }

        return widest;
    }

    /// <summary>
    /// The slot of a probability, exact at the edges of the bins: slot b + 1 is bin b, slot 0 is for a probability of 0, the last slot for
    /// 1 or, by rounding, a little more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SlotOf(float probability, BinLayout layout)
    {
        // Exact: the product of a float and a count this small fits in a double.
        var position = (double)Math.Min(probability, 1f) * layout.Count;
        return layout.Convention == BinConvention.UpperInclusive ? (int)Math.Ceiling(position) : (int)position + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(double[] sums, int row, Vector256<double> lower, Vector256<double> upper)
    {
        ref var first = ref sums[row];
        (Vector256.LoadUnsafe(ref first) + lower).StoreUnsafe(ref first);
        (Vector256.LoadUnsafe(ref first, 4) + upper).StoreUnsafe(ref first, 4);
    }

    private void AddElsewhere(int row, ReadOnlySpan<float> probabilities, double weight)
    {
        Add(row, probabilities[row], weight, 0);
        if (weight == 1)
            _unitCasesElsewhere[row]++;
    }

    private static float HighestOfFirst(BinLayout layout)
    {
        var highest = (float)layout.LowerEdge(1);
        while (SlotOf(highest, layout) > 1)
            highest = MathF.BitDecrement(highest);
        return highest;
    }

    /// <summary>The slots of many probabilities, in any arrangement.</summary>
    public static void ComputeSlots(ReadOnlySpan<float> probabilities, BinLayout layout, Span<int> slots)
    {
        var upperInclusive = layout.Convention == BinConvention.UpperInclusive;
        var scale = Vector256.Create((float)layout.Count);
        var index = 0;
        var end = RowLanes.ArePossible(probabilities.Length) ? probabilities.Length - RowLanes.Width : -1;
        for (; index <= end; index += RowLanes.Width)
        {
            var values = Vector256.MinNative(RowLanes.Load(probabilities, index), Vector256<float>.One);
            (upperInclusive ? Ceiling(values, scale) : Vector256<int>.One - Ceiling(-values, scale)).CopyTo(slots[index..]);
        }

        for (; index < probabilities.Length; index++)
            slots[index] = SlotOf(probabilities[index], layout);
    }

    private static Vector256<int> Ceiling(Vector256<float> values, Vector256<float> scale)
    {
        var position = values * scale;
        var rounded = Vector256.Ceiling(position);
        // If the product was rounded down to a whole number, the lost part moves it into the next bin.
        var lost = Vector256.FusedMultiplyAdd(values, scale, -position);
        var lifted = Vector256.Equals(rounded, position) & Vector256.GreaterThan(lost, Vector256<float>.Zero);
        return Vector256.ConvertToInt32(rounded) - lifted.AsInt32();
    }

    /// <summary>The four sums of a bin.</summary>
    private Vector256<double> Sums(int row, int bin)
    {
        var first = row * _slots;
        var sums = _sums[first + bin + 1];
        if (bin == 0)
        {
            var units = _unitCases - _unitCasesElsewhere[row];
            sums += _sums[first] + Vector256.Create(_firstWeights[row] + units, _firstSquares[row] + units, _firstClaims[row], 0);
        }

        if (bin == layout.Count - 1)
            sums += _sums[first + layout.Count + 1];
        return sums;
    }
}
