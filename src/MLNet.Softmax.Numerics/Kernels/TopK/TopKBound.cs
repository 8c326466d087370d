using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A lower bound of the k-th largest: the k-th largest of the maxima of groups, which are different elements.</summary>
internal static unsafe class TopKBound<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// The largest k that there are groups enough for: where it comes closer to their number, the bound is too low to be worth a sweep.
    /// </summary>
    public static int LargestK => 3 * TLanes.Count;

    /// <summary>A value that at least k scores reach; -infinity where that is not worth finding out.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="k">How many are to reach it.</param>
    /// <param name="maxima">Room for four vectors, one value for each group.</param>
    /// <param name="order">Room for as many numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of(float* scores, int count, int k, float* maxima, int* order)
    {
        if (4 * k <= LargestK && count > TLanes.Count)
            return OfOneVector(scores, count, k, maxima);
        var vectors = 2 * k <= LargestK ? 2 : 4;
        if (k > LargestK || count < 2 * vectors * TLanes.Count)
            return float.NegativeInfinity;
        var length = count / vectors;
        for (var v = 0; v < vectors; v++)
        {
            var first = v * length;
            TLanes.Store(maxima + (v * TLanes.Count), RowMaxima<TLanes>.Of(scores + first, v == vectors - 1 ? count - first : length));
        }

        TopKRank<TLanes>.Order(maxima, vectors * TLanes.Count, order);
        return maxima[order[k - 1]];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float OfOneVector(float* scores, int count, int k, float* maxima)
    {
        var lanes = RowMaxima<TLanes>.Of(scores, count);
        TLanes.Store(maxima, lanes);
        return maxima[(int)(TopKRank<TLanes>.OrderOfVector(lanes, maxima, TLanes.Count) >> (4 * (k - 1))) & 15];
    }
}
