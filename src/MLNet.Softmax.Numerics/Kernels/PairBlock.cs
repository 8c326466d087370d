using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// As many rows of two classes as a vector has lanes: with d the second score less the first, the probabilities are 1 / (1 + exp(d)) and
/// exp(d) / (1 + exp(d)), one exponential a row.
/// </summary>
internal static unsafe class PairBlock<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the softmax of <c>TLanes.Count</c> rows, or returns false, having written nothing, where a difference is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TrySoftmax(float* scores, float* probabilities, in ExponentScale scale)
    {
        TLanes.LoadPairs(scores, out var first, out var second);
        var difference = second - first;
        var limit = TLanes.Create(scale.FarthestNormal);
        if (!TLanes.AllWithin(difference, limit))
            return TryFarApart(first, second, probabilities, scale);
        var exponential = Exponentials(first, second, difference, scale);
        var factor = TLanes.Create(1f) / (TLanes.Create(1f) + exponential);
        TLanes.StorePairs(probabilities, factor, exponential * factor);
        return true;
    }

    /// <summary>exp of the difference, which is at most <see cref="ExponentScale.FarthestNormal"/>, and for which the two are given too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exponentials(TLanes first, TLanes second, TLanes difference, in ExponentScale scale)
    {
        // What rounding took from the difference (Knuth's two-sum): up to 88 nats, it would cost 30 times the accuracy promised.
        var shadow = difference + first;
        var lost = (second - shadow) - (first - (shadow - difference));
        var high = TLanes.Create(scale.High);
        var rest = TLanes.Reduce(difference, high, TLanes.Create(scale.Low), TLanes.Create(TLanes.Rounder), out var rounded);
        return TLanes.Combine(rounded, TLanes.MultiplyAdd(lost, high, rest));
    }

    /// <summary>The same where some rows' smaller probability is no normal number: it becomes 0, and the other 1.</summary>
    private static bool TryFarApart(TLanes first, TLanes second, float* probabilities, in ExponentScale scale)
    {
        var difference = second - first;
        if (TLanes.AnyNonZero(difference - difference))
            return false;
        var (zero, one) = (TLanes.Create(0f), TLanes.Create(1f));
        var limit = TLanes.Create(scale.FarthestNormal);
        var near = TLanes.SelectWithin(difference, limit, one, zero);
        first = TLanes.SelectGreater(near, zero, first, zero);
        second = TLanes.SelectGreater(near, zero, second, zero);
        var exponential = Exponentials(first, second, second - first, scale);
        var factor = one / (one + exponential);
        TLanes.StorePairs(
            probabilities,
            TLanes.SelectGreater(near, zero, factor, TLanes.SelectGreater(difference, zero, zero, one)),
            TLanes.SelectGreater(near, zero, exponential * factor, TLanes.SelectGreater(difference, zero, one, zero)));
        return true;
    }
}
