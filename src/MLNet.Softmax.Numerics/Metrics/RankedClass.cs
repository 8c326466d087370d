using System.Buffers;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The rows of one class, sorted by its probability. Finds how much of their weight is below other probabilities.</summary>
/// <remarks>
/// A table over equal ranges of the bits of a probability, which increase with its value, says where each range begins in the sorted list.
/// The list is only read if rows of the class are in the range of a probability, and mostly just one vector of it.
/// </remarks>
internal sealed class RankedClass
{
    private const int FewestRanges = 64, MostRangesInCache = 1 << 16, RangesPerRow = 4;
    private const int RowsAtOnce = 256;

    private int[] _first = [];
    private int[] _added = [], _values = [];
    private ulong[] _weighted = [], _scratch = [];
    private double[] _below = [];
    private bool _isWeighted;
    private int _count, _shift, _lowestRange, _lastRange;

    /// <summary>Removes all rows, and makes room for others.</summary>
    /// <param name="rowCount">The number of rows to make room for.</param>
    /// <param name="isWeighted">Whether any row, of this class or another, has a weight other than 1.</param>
    public void Clear(int rowCount, bool isWeighted)
    {
        (_count, _isWeighted) = (0, isWeighted);
        Reserve(ref _added, rowCount);
        Reserve(ref _values, rowCount + RowLanes.Width);
        if (!isWeighted)
            return;
        Reserve(ref _weighted, rowCount);
        Reserve(ref _scratch, rowCount);
        Reserve(ref _below, rowCount + 1);
        _below[0] = 0;
    }

    /// <summary>Lets the memory be used again. Do not use this instance any more.</summary>
    public void Release()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<int>.Shared.Return(_added);
        ArrayPool<int>.Shared.Return(_values);
        ArrayPool<ulong>.Shared.Return(_weighted);
        ArrayPool<ulong>.Shared.Return(_scratch);
        ArrayPool<double>.Shared.Return(_below);
    }

    public void Add(float probability, float weight)
    {
        if (_isWeighted)
            _weighted[_count++] = ProbabilitySort.Key(probability, BitConverter.SingleToUInt32Bits(weight));
        else
            _added[_count++] = BitConverter.SingleToInt32Bits(probability);
    }

    /// <summary>Sorts the added rows, at least one, and returns their weight.</summary>
    public double Rank()
    {
        if (_isWeighted)
            SortWeighted();
        else
            ProbabilitySort.Sort(_added.AsSpan(0, _count), _values.AsSpan(0, _count)).CopyTo(_values);
        // Above every probability, for vectors that reach beyond the last one.
        _values.AsSpan(_count, RowLanes.Width).Fill(int.MaxValue);
        FillTable();
        return _isWeighted ? _below[_count] : _count;
    }

    private void SortWeighted()
    {
        var sorted = ProbabilitySort.Sort(_weighted.AsSpan(0, _count), _scratch.AsSpan(0, _count));
        for (var row = 0; row < sorted.Length; row++)
        {
            _values[row] = (int)(sorted[row] >> 32);
            _below[row + 1] = _below[row] + BitConverter.UInt32BitsToSingle(ProbabilitySort.Carried(sorted[row]));
        }
    }

    private static void Reserve<T>(ref T[] array, int length)
    {
        if (array.Length >= length)
            return;
        ArrayPool<T>.Shared.Return(array);
        array = ArrayPool<T>.Shared.Rent(length);
    }

    /// <summary>
    /// Sums over other rows: their weight, times the weight of the class's rows with a lower probability (counted twice) or the same
    /// probability (counted once).
    /// </summary>
    /// <param name="probabilities">The class's probability in each row; negative ones add nothing.</param>
    /// <param name="weights">The weight of each row; empty if all are 1.</param>
    public double TwiceWeightBelow(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> weights)
    {
        var sum = 0.0;
        for (var start = 0; start < probabilities.Length; start += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, probabilities.Length - start);
            var values = MemoryMarshal.Cast<float, int>(probabilities.Slice(start, count));
            sum += !_isWeighted ? TwiceCountBelow(values)
                : TwiceWeightBelowEach(values, weights.IsEmpty ? [] : weights.Slice(start, count));
        }

        return sum;
    }

    private void FillTable()
    {
        var (lowest, highest) = (_values[0], _values[_count - 1]);
        // With fewer ranges than rows, most probabilities would be searched for: 2 to 3 times as long for 1,000,000 rows of a class.
        var ranges = Math.Clamp(RangesPerRow * (long)_count, FewestRanges, Math.Max(MostRangesInCache, _count));
        for (_shift = 0; (highest >> _shift) - (lowest >> _shift) >= ranges;)
            _shift++;
        // One more range at either end, for what is below or above all.
        _lowestRange = (lowest >> _shift) - 1;
        _lastRange = (highest >> _shift) - _lowestRange + 1;
        Reserve(ref _first, _lastRange + 2);
        var next = 0;
        for (var range = 0; range <= _lastRange; range++)
        {
            _first[range] = next;
            while (_values[next] >> _shift == _lowestRange + range)
                next++;
        }

        _first[_lastRange + 1] = next;
    }

    [SkipLocalsInit]
    private long TwiceCountBelow(ReadOnlySpan<int> values)
    {
        Span<int> ranges = stackalloc int[RowsAtOnce], shared = stackalloc int[RowsAtOnce];
        FindRanges(values, ranges);
        ref var first = ref MemoryMarshal.GetArrayDataReference(_first);
        long below = 0;
        var sharedCount = 0;
        for (var row = 0; row < values.Length; row++)
        {
            ref var range = ref Unsafe.Add(ref first, ranges[row]);
            below += range;
            // Without a branch, which would be unpredictable.
            shared[sharedCount] = row;
            sharedCount += (range - Unsafe.Add(ref range, 1)) >>> 31;
        }

        below *= 2;
        ref var sorted = ref MemoryMarshal.GetArrayDataReference(_values);
        var counts = Vector256<int>.Zero;
        foreach (var row in shared[..sharedCount])
        {
            ref var range = ref Unsafe.Add(ref first, ranges[row]);
            if (Unsafe.Add(ref range, 1) - range > RowLanes.Width)
            {
                var (lower, upper) = Find(values[row], ranges[row]);
                below += lower + upper - (2 * range);
                continue;
            }

            // Also compares rows of the next ranges, which are above.
            var (candidates, sought) = (Vector256.LoadUnsafe(ref sorted, (nuint)range), Vector256.Create(values[row]));
            counts -= Vector256.LessThan(candidates, sought) + Vector256.LessThanOrEqual(candidates, sought);
        }

        return below + Vector256.Sum(counts);
    }

    [SkipLocalsInit]
    private double TwiceWeightBelowEach(ReadOnlySpan<int> values, ReadOnlySpan<float> weights)
    {
        Span<int> ranges = stackalloc int[RowsAtOnce];
        FindRanges(values, ranges);
        var sum = 0.0;
        for (var row = 0; row < values.Length; row++)
        {
            var (lower, upper) = Find(values[row], ranges[row]);
            sum += (weights.IsEmpty ? 1 : weights[row]) * (_below[lower] + _below[upper]);
        }

        return sum;
    }

    private void FindRanges(ReadOnlySpan<int> values, Span<int> ranges)
    {
        var (lowest, last) = (Vector256.Create(_lowestRange), Vector256.Create(_lastRange));
        var row = 0;
        for (; row <= values.Length - RowLanes.Width; row += RowLanes.Width)
        {
            var range = (Vector256.LoadUnsafe(in values[row]) >> _shift) - lowest;
            Vector256.Min(Vector256.Max(range, Vector256<int>.Zero), last).StoreUnsafe(ref ranges[row]);
        }

        for (; row < values.Length; row++)
            ranges[row] = Math.Clamp((values[row] >> _shift) - _lowestRange, 0, _lastRange);
    }

    /// <summary>The number of values of the list that are below a value, and the number that are not above it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Lower, int Upper) Find(int value, int range)
    {
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_first), range);
        var (lower, end) = (first, Unsafe.Add(ref first, 1));
        if (end - lower > RowLanes.Width)
            lower = FirstNotBelow(value, lower, end);
        var candidates = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_values), (nuint)lower);
        var sought = Vector256.Create(value);
        var below = BitOperations.PopCount(Vector256.LessThan(candidates, sought).ExtractMostSignificantBits());
        var notAbove = BitOperations.PopCount(Vector256.LessThanOrEqual(candidates, sought).ExtractMostSignificantBits());
        return (lower + below, notAbove < RowLanes.Width ? lower + notAbove : FirstNotBelow(value + 1, lower, end));
    }

    private int FirstNotBelow(int value, int start, int end)
    {
        while (start < end)
        {
            var middle = (int)((uint)(start + end) / 2);
            (start, end) = _values[middle] < value ? (middle + 1, end) : (start, middle);
        }

        return start;
    }
}
