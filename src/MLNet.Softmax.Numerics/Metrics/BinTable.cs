using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Rows of bins, each with four sums side by side so that one vector addition updates them: weight, weight squared, weight x probability,
/// weight of what came true.
/// </summary>
/// <remarks>
/// Each row has a slot more at either end, so that the slot of a probability is one multiplication and one rounding away, without clamping;
/// what lands on 0 or beyond 1 is counted with the first or the last bin when read.
/// </remarks>
internal sealed class BinTable(int rowCount, BinLayout layout)
{
    private readonly int _slots = layout.Count + 2;
    private readonly Vector256<double>[] _sums = new Vector256<double>[checked(rowCount * (layout.Count + 2))];

    public BinLayout Layout => layout;

    public int RowCount => rowCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int row, float probability, double weight, double cameTrue)
    {
        var sum = Vector256.Create(weight, weight * weight, weight * probability, cameTrue);
        _sums[(row * _slots) + BinSlots.Of(probability, layout)] += sum;
    }

    /// <summary>Adds a probability to each row, for a case that comes true in the row <paramref name="label"/> alone.</summary>
    /// <param name="probabilities">One probability for each row of the table.</param>
    /// <param name="slots">Their slots.</param>
    /// <param name="label">The row of the case that came true.</param>
    /// <param name="weight">What the case counts for.</param>
    public void AddToEachRow(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> slots, int label, double weight)
    {
        var weights = Vector256.Create(weight, weight * weight, 0, 0);
        var claim = Vector256.Create(0, 0, weight, 0);
        var sums = _sums.AsSpan();
        var first = 0;
        for (var row = 0; row < slots.Length; row++)
        {
            sums[first + slots[row]] += Vector256.FusedMultiplyAdd(claim, Vector256.Create((double)probabilities[row]), weights);
            first += _slots;
        }

        sums[(label * _slots) + slots[label]] += Vector256.Create(0, 0, 0, weight);
    }

    public void Merge(BinTable other)
    {
        for (var index = 0; index < _sums.Length; index++)
            _sums[index] += other._sums[index];
    }

    /// <summary>The four sums of a bin.</summary>
    public Vector256<double> Sums(int row, int bin)
    {
        var first = row * _slots;
        var sums = _sums[first + bin + 1];
        if (bin == 0)
            sums += _sums[first];
        if (bin == layout.Count - 1)
            sums += _sums[first + layout.Count + 1];
        return sums;
    }
}
