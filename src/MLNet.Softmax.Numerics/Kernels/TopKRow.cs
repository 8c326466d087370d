using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The k largest of one row. A lower bound of the k-th comes first: of the lanes' maxima, which are different elements, the largest that k of
/// them reach. A second sweep, in index order, keeps what reaches the bound in a small sorted buffer, and raises the bound when it is full.
/// </summary>
internal static unsafe class TopKRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Writes the k largest of a row that has at least that many; k is at least 1.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    public static void Write(float* scores, int count, int k, int* indices, float* values)
    {
        if (TLanes.Count is > 1 and <= 16 && count <= TLanes.Count && TopKRank<TLanes>.TryWrite(scores, count, k, indices, values))
            return;

        // Where k comes close to the number of lanes the bound is too low to be worth a sweep.
        var bound = count >= TLanes.Count && 4 * k <= 3 * TLanes.Count ? LowerBound(scores, count, k) : float.NegativeInfinity;
        var buffer = new SortedBuffer(k, indices, values);
        Collect(scores, count, bound, ref buffer);
        if (buffer.Kept < k)
            AppendNaN(scores, count, k, buffer.Kept, indices, values);
    }

    /// <summary>A value that at least k elements reach; -infinity where it cannot tell.</summary>
    [MethodImpl(Inline)]
    private static float LowerBound(float* scores, int count, int k)
    {
        // A NaN makes a lane forget what came before it, which lowers the bound but never makes it wrong.
        var lowest = TLanes.Create(float.NegativeInfinity);
        var (a, b, c, d) = (lowest, lowest, lowest, lowest);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            a = TLanes.Max(a, TLanes.Load(scores + i));
            b = TLanes.Max(b, TLanes.Load(scores + i + TLanes.Count));
            c = TLanes.Max(c, TLanes.Load(scores + i + (2 * TLanes.Count)));
            d = TLanes.Max(d, TLanes.Load(scores + i + (3 * TLanes.Count)));
        }

        for (; i <= count - TLanes.Count; i += TLanes.Count)
            a = TLanes.Max(a, TLanes.Load(scores + i));
        var maxima = TLanes.Max(TLanes.Max(a, b), TLanes.Max(c, d));
        if (k == 1)
        {
            var largest = TLanes.MaxAcross(maxima);
            return float.IsNaN(largest) ? float.NegativeInfinity : largest;
        }

        var lanes = (float*)&maxima;
        var bound = float.NegativeInfinity;
        for (var lane = 0; lane < TLanes.Count; lane++)
        {
            if (lanes[lane] > bound && BitOperations.PopCount(TLanes.GreaterThanOrEqual(maxima, TLanes.Create(lanes[lane]))) >= k)
                bound = lanes[lane];
        }

        return bound;
    }

    [MethodImpl(Inline)]
    private static void Collect(float* scores, int count, float bound, ref SortedBuffer buffer)
    {
        var limit = TLanes.Create(bound);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            var reached = (ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + i), limit)
                | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + i + TLanes.Count), limit) << TLanes.Count)
                | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + i + (2 * TLanes.Count)), limit) << (2 * TLanes.Count))
                | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + i + (3 * TLanes.Count)), limit) << (3 * TLanes.Count));
            if (reached != 0)
                limit = Insert(scores, i, reached, limit, ref buffer);
        }

        for (; i < count; i += TLanes.Count)
        {
            var rest = TLanes.LoadPartial(scores + i, Math.Min(TLanes.Count, count - i), TLanes.Create(float.NaN));
            var reached = TLanes.GreaterThanOrEqual(rest, limit);
            if (reached != 0)
                limit = Insert(scores, i, reached, limit, ref buffer);
        }
    }

    private static TLanes Insert(float* scores, int start, ulong reached, TLanes limit, ref SortedBuffer buffer)
    {
        for (; reached != 0; reached &= reached - 1)
        {
            var index = start + BitOperations.TrailingZeroCount(reached);
            buffer.Offer(scores[index], index);
        }

        return buffer.IsFull ? TLanes.Create(buffer.Smallest) : limit;
    }

    private static void AppendNaN(float* scores, int count, int k, int kept, int* indices, float* values)
    {
        for (var i = 0; i < count && kept < k; i++)
        {
            if (!float.IsNaN(scores[i]))
                continue;
            indices[kept] = i;
            values[kept++] = scores[i];
        }
    }
}
