using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Puts a few values in descending order without a branch: each value's place is the number of values that come before it.
/// </summary>
internal static unsafe class TopKRank<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>
    /// Which value comes first, second and so on, four bits each from the lowest on; equals in their order. There are at most 16.
    /// </summary>
    /// <param name="row">The values, no NaN, and -infinity behind them.</param>
    /// <param name="values">The same in memory.</param>
    /// <param name="count">How many there are.</param>
    [MethodImpl(Inline)]
    public static ulong OrderOfVector(TLanes row, float* values, int count)
    {
        // In a register, because a load from where one of several stores has just gone has to wait for all of them.
        var order = 0UL;
        var earlier = 0u;
        for (var i = 0; i < count; i++, earlier = (2 * earlier) + 1)
            order |= (ulong)i << (4 * PlaceWithin(row, TLanes.Create(values[i]), earlier));
        return order;
    }

    /// <summary>Writes which value comes first, second and so on; equals in their order.</summary>
    /// <param name="values">No NaN, and followed by -infinity up to a whole number of vectors.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="order">Receives the places.</param>
    [MethodImpl(Inline)]
    public static void Order(float* values, int count, int* order)
    {
        for (var own = 0; own < count; own += TLanes.Count)
        {
            var row = TLanes.Load(values + own);
            var end = Math.Min(TLanes.Count, count - own);
            var earlier = 0u;
            for (var i = 0; i < end; i++, earlier = (2 * earlier) + 1)
            {
                var score = TLanes.Create(values[own + i]);
                var place = PlaceWithin(row, score, earlier);
                for (var before = 0; before < own; before += TLanes.Count)
                    place += BitOperations.PopCount(TLanes.GreaterThanOrEqual(TLanes.Load(values + before), score));
                for (var behind = own + TLanes.Count; behind < count; behind += TLanes.Count)
                    place += BitOperations.PopCount(TLanes.GreaterThan(TLanes.Load(values + behind), score));
                order[place] = own + i;
            }
        }
    }

    [MethodImpl(Inline)]
    private static int PlaceWithin(TLanes row, TLanes score, uint earlierLanes)
        => BitOperations.PopCount(TLanes.GreaterThan(row, score) | (TLanes.GreaterThanOrEqual(row, score) & earlierLanes));
}
