using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Puts a few values in descending order without a branch: each value's place is the number of values that come before it.</summary>
internal static unsafe class TopKRank<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Writes the k largest of a row that fits one vector, or returns false, having written nothing, where a score is NaN.</summary>
    [MethodImpl(Inline)]
    public static bool TryWrite(float* scores, int count, int k, int* order, int* indices, float* values)
    {
        var row = TLanes.LoadPartial(scores, count, TLanes.Create(float.NegativeInfinity));
        if (BitOperations.PopCount(TLanes.GreaterThanOrEqual(row, TLanes.Create(float.NegativeInfinity))) < TLanes.Count)
            return false;
        OrderVector(row, scores, count, order);
        for (var place = 0; place < k; place++)
        {
            indices[place] = order[place];
            values[place] = scores[order[place]];
        }

        return true;
    }

    /// <summary>Writes which value comes first, second and so on; equals in their order.</summary>
    /// <param name="values">No NaN, and followed by -infinity up to a whole number of vectors.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="order">Receives the places; has room for a whole number of vectors.</param>
    [MethodImpl(Inline)]
    public static void Order(float* values, int count, int* order)
    {
        if (count <= TLanes.Count)
        {
            OrderVector(TLanes.Load(values), values, count, order);
            return;
        }

        for (var own = 0; own < count; own += TLanes.Count)
            OrderOneOfSeveral(values, count, own, order);
    }

    [MethodImpl(Inline)]
    private static void OrderVector(TLanes row, float* values, int count, int* order)
    {
        for (var i = 0; i < count; i++)
            order[PlaceWithin(row, values[i], i)] = i;
    }

    [MethodImpl(Inline)]
    private static void OrderOneOfSeveral(float* values, int count, int own, int* order)
    {
        var row = TLanes.Load(values + own);
        var end = Math.Min(TLanes.Count, count - own);
        for (var i = 0; i < end; i++)
        {
            var score = TLanes.Create(values[own + i]);
            var place = PlaceWithin(row, values[own + i], i);
            for (var earlier = 0; earlier < own; earlier += TLanes.Count)
                place += BitOperations.PopCount(TLanes.GreaterThanOrEqual(TLanes.Load(values + earlier), score));
            for (var later = own + TLanes.Count; later < count; later += TLanes.Count)
                place += BitOperations.PopCount(TLanes.GreaterThan(TLanes.Load(values + later), score));
            order[place] = own + i;
        }
    }

    [MethodImpl(Inline)]
    private static int PlaceWithin(TLanes row, float value, int lane)
    {
        var score = TLanes.Create(value);
        var earlier = (1u << lane) - 1;
        return BitOperations.PopCount(TLanes.GreaterThan(row, score) | (TLanes.GreaterThanOrEqual(row, score) & earlier));
    }
}
