using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// As many rows of two classes as a vector has lanes: with d the smaller score less the larger, the probabilities are
/// exp(d) / (1 + exp(d)) and 1 / (1 + exp(d)), one exponential a row.
/// </summary>
internal static unsafe class PairBlock<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the softmax of <c>TLanes.Count</c> rows, or returns false, having written nothing, where a difference is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySoftmax(float* scores, float* probabilities, in ExponentScale scale)
    {
        TLanes.LoadPairs(scores, out var first, out var second);
        var larger = TLanes.Max(first, second);

        // The other way round, so that a NaN on either side reaches the difference.
        var smaller = TLanes.Min(second, first);
        var difference = smaller - larger;
        if (TLanes.AnyNonZero(difference - difference))
            return false;

        // What rounding took from the difference (Knuth's two-sum): up to 88 nats, it would cost 30 times the accuracy promised.
        var floor = TLanes.Create(scale.Lowest);
        var shadow = difference - smaller;
        var lost = (smaller - (difference - shadow)) - (larger + shadow);
        lost = TLanes.SelectGreater(difference, floor, lost, TLanes.Create(0f));
        var high = TLanes.Create(scale.High);
        var rest = Exponential<TLanes>.Reduce(TLanes.Max(floor, difference), high, TLanes.Create(scale.Low), out var minusWhole);
        rest = TLanes.MultiplyAdd(lost, high, rest);

        // Both sides of the fraction are 2^Headroom times as large.
        var one = TLanes.Create(1 << RowShift.Headroom);
        var exponential = TLanes.Scale(Exponential<TLanes>.PowerOfTwo(rest), TLanes.Create(RowShift.Headroom) - minusWhole);
        var factor = TLanes.Create(1f) / (one + exponential);
        var likely = one * factor;
        var unlikely = exponential * factor;
        TLanes.StorePairs(
            probabilities,
            TLanes.SelectGreater(second, first, unlikely, likely),
            TLanes.SelectGreater(second, first, likely, unlikely));
        return true;
    }
}
