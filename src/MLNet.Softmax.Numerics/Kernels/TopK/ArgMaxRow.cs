namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The first largest value of one row: the maximum by lanes, then the first index that reaches it.</summary>
internal static unsafe class ArgMaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // A longer row is not read twice: each lane remembers the block that its maximum came from.
    private const int BlockLength = 256;

    /// <summary>Returns the index of the largest value; the lowest index if several tie, 0 if all are NaN.</summary>
    [MethodImpl(Hot.Inline)]
    public static int IndexOf(float* scores, int count)
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        if (count <= TLanes.Count)
        {
            var row = TLanes.LoadPartial(scores, count, TLanes.Create(float.NaN));
            var reached = TLanes.GreaterThanOrEqual(row, TLanes.Create(TLanes.MaxAcross(TLanes.Max(row, lowest))));
            return reached == 0 ? 0 : BitOperations.TrailingZeroCount(reached);
        }

        return count < 3 * BlockLength
            ? FirstReaching(scores, 0, count, TLanes.Create(TLanes.MaxAcross(RowMaxima<TLanes>.Of(scores, count))))
            : InBlocks(scores, count);
    }

    [MethodImpl(Hot.Inline)]
    private static int InBlocks(float* scores, int count)
    {
        var best = TLanes.Create(float.NegativeInfinity);
        TLanes block = default;
        for (nint start = 0; start < count; start += BlockLength)
        {
            var maxima = RowMaxima<TLanes>.Of(scores + start, Math.Min(BlockLength, count - (int)start));
            block = TLanes.SelectGreater(maxima, best, TLanes.Create(BitConverter.Int32BitsToSingle((int)start)), block);
            best = TLanes.Max(maxima, best);
        }

        var largest = TLanes.Create(TLanes.MaxAcross(best));
        var firstBlock = int.MaxValue;
        for (var lanes = TLanes.GreaterThanOrEqual(best, largest); lanes != 0; lanes &= lanes - 1)
            firstBlock = Math.Min(firstBlock, ((int*)&block)[BitOperations.TrailingZeroCount(lanes)]);
        return FirstReaching(scores, firstBlock, count, largest);
    }

    /// <summary>The first index from <paramref name="start"/> on whose score is at least the limit, or 0.</summary>
    [MethodImpl(Hot.Inline)]
    private static int FirstReaching(float* scores, int start, int count, TLanes limit)
    {
        var i = start;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            var reached = Reaching<TLanes>.OfFourVectors(scores + i, limit);
            if (reached != 0)
                return i + BitOperations.TrailingZeroCount(reached);
        }

        for (; i < count; i += TLanes.Count)
        {
            var reached = TLanes.GreaterThanOrEqual(
                TLanes.LoadPartial(scores + i, Math.Min(TLanes.Count, count - i), TLanes.Create(float.NaN)), limit);
            if (reached != 0)
                return i + BitOperations.TrailingZeroCount(reached);
        }

        return 0;
    }
}

/// <summary>Which scores are at least as large as a limit.</summary>
internal static unsafe class Reaching<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>One bit per score, the first one's lowest; none for NaN.</summary>
    [MethodImpl(Hot.Inline)]
    public static ulong OfFourVectors(float* scores, TLanes limit)
        => TLanes.GreaterThanOrEqual(TLanes.Load(scores), limit)
            | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + TLanes.Count), limit) << TLanes.Count)
            | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + (2 * TLanes.Count)), limit) << (2 * TLanes.Count))
            | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + (3 * TLanes.Count)), limit) << (3 * TLanes.Count));
}

/// <summary>
/// The largest score of each lane in a range of scores. NaN is ignored; without any other value, the result is -infinity.
/// </summary>
internal static unsafe class RowMaxima<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    [MethodImpl(Hot.Inline)]
    public static TLanes Of(float* scores, int count)
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        var (a, b, c, d) = (lowest, lowest, lowest, lowest);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            a = TLanes.Max(TLanes.Load(scores + i), a);
            b = TLanes.Max(TLanes.Load(scores + i + TLanes.Count), b);
            c = TLanes.Max(TLanes.Load(scores + i + (2 * TLanes.Count)), c);
            d = TLanes.Max(TLanes.Load(scores + i + (3 * TLanes.Count)), d);
        }

        for (; i <= count - TLanes.Count; i += TLanes.Count)
            a = TLanes.Max(TLanes.Load(scores + i), a);
        if (i < count)
            b = TLanes.Max(TLanes.LoadPartial(scores + i, count - i, lowest), b);
        return TLanes.Max(TLanes.Max(a, b), TLanes.Max(c, d));
    }
}
