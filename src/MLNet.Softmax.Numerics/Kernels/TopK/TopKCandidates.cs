namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Scores from a bound on, which may be among the k largest, in the order of their indices. If there are too many, only the k largest
/// are kept. Each buffer has <see cref="Room"/>.
/// </summary>
internal unsafe ref struct TopKCandidates<TLanes>(int k, float bound, float* values, int* indices, int* order)
    where TLanes : unmanaged, ILanes<TLanes>
{
    private TLanes limit = TLanes.Create(bound);
    private int kept;

    // The time to sort them out is quadratic in their number: with many equal values, it is better done early.
    private readonly int mostBeforeAdding = (2 * k) + (3 * TLanes.Count);

    /// <summary>Beyond it, sorting the whole row costs less.</summary>
    public const int LargestK = 128;

    /// <summary>The maximum number before the k largest are sorted out, one more vector, and what is written after them.</summary>
    public static int Room => (2 * LargestK) + (5 * TLanes.Count);

    /// <summary>Adds the scores from index start to end that reach the limit.</summary>
    [MethodImpl(Hot.Inline)]
    public void Add(float* scores, int start, int end)
    {
        // Copied to registers: the fields are in memory.
        var (count, reach) = (kept, limit);
        for (var i = start; i < end; i += TLanes.Count)
        {
            if (count > mostBeforeAdding)
            {
                kept = count;
                KeepLargest();
                (count, reach) = (kept, limit);
            }

            var next = i <= end - TLanes.Count ? TLanes.Load(scores + i)
                : TLanes.LoadPartial(scores + i, end - i, TLanes.Create(float.NaN));
            count += TLanes.PackReaching(next, reach, i, values + count, indices + count);
        }

        kept = count;
    }

    /// <summary>Writes the k largest in descending order, or all if there are fewer, and returns how many.</summary>
    [MethodImpl(Hot.Inline)]
    public readonly int Write(int* targetIndices, float* targetValues)
    {
        TLanes.Store(values + kept, TLanes.Create(float.NegativeInfinity));
        var written = Math.Min(k, kept);
        if (kept <= TLanes.Count)
        {
            var places = TopKRank<TLanes>.OrderOf<OneVector>(TLanes.Load(values), default, values, kept);
            for (var place = 0; place < written; place++, places >>= 4)
            {
                targetIndices[place] = indices[places & 15];
                targetValues[place] = values[places & 15];
            }

            return written;
        }

        TopKRank<TLanes>.Order(values, kept, order);
        for (var place = 0; place < written; place++)
        {
            targetIndices[place] = indices[order[place]];
            targetValues[place] = values[order[place]];
        }

        return written;
    }

    /// <summary>From now on, only values above the k-th are added: later values that equal it rank below it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | Hot.Loop)]
    private void KeepLargest()
    {
        var largestValues = stackalloc float[k];
        var largestIndices = stackalloc int[k];
        kept = Write(largestIndices, largestValues);
        Unsafe.CopyBlock(values, largestValues, (uint)kept * sizeof(float));
        Unsafe.CopyBlock(indices, largestIndices, (uint)kept * sizeof(int));
        var smallest = values[k - 1];
        limit = TLanes.Create(float.IsPositiveInfinity(smallest) ? float.NaN : MathF.BitIncrement(smallest));
    }
}

/// <summary>A lower bound of the k-th largest value: the k-th largest of the maxima of groups, which are different elements.</summary>
internal static unsafe class TopKBound<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// The largest k for which there are enough groups: closer to their number, the bound is too low to be worth a sweep.
    /// </summary>
    public static int LargestK => 3 * TLanes.Count;

    /// <summary>
    /// A value that at least k scores reach; -infinity if finding it does not pay. The buffers have room for four vectors.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static float Of(float* scores, int count, int k, float* maxima, int* order)
    {
        if (4 * k <= LargestK && count > TLanes.Count)
        {
            var lanes = RowMaxima<TLanes>.Of(scores, count);
            TLanes.Store(maxima, lanes);
            return maxima[(int)(TopKRank<TLanes>.OrderOf<OneVector>(lanes, default, maxima, TLanes.Count) >> (4 * (k - 1))) & 15];
        }

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
}

/// <summary>
/// A long row in blocks. The maximum of each lane is stored per block, so that only the blocks that reach a bound are read again.
/// </summary>
internal static unsafe class TopKBlocks<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>The maximum number of blocks.</summary>
    public const int Most = 64;

    private const int ShortestInQuarters = 16_384, FetchedAhead = 1_024;

    /// <summary>The row length from which on blocks pay.</summary>
    public static int ShortestRow => 32 * TLanes.Count;

    /// <summary>The length of a row's blocks; the last one may be shorter.</summary>
    public static int LengthFor(int count)
    {
        var unit = 4 * TLanes.Count;
        return (int)(((((long)count + Most - 1) / Most) + unit - 1) / unit * unit);
    }

    /// <summary>Writes the lanes' maxima of each block, a vector each, and returns how many blocks there are.</summary>
    /// <remarks>
    /// Out of cache, long rows are read in four places at once, with prefetches: memory then delivers 1.2 times as much in the same time.
    /// In cache, the prefetches would cost as much.
    /// </remarks>
    [MethodImpl(Hot.Kernel)]
    public static int Maxima(float* scores, int count, int length, bool isOutOfCache, float* maxima)
    {
        var quarter = isOutOfCache && count >= ShortestInQuarters ? count / length / 4 : 0;
        for (var block = 0; block < quarter; block++)
        {
            var first = scores + (block * length);
            var second = first + (quarter * length);
            var third = second + (quarter * length);
            var fourth = third + (quarter * length);
            var lowest = TLanes.Create(float.NegativeInfinity);
            var (a, b, c, d) = (lowest, lowest, lowest, lowest);
            for (var i = 0; i < length; i += TLanes.Count)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch1(first + i + FetchedAhead);
                    Sse.Prefetch1(second + i + FetchedAhead);
                    Sse.Prefetch1(third + i + FetchedAhead);
                    Sse.Prefetch1(fourth + i + FetchedAhead);
                }

                a = TLanes.Max(TLanes.Load(first + i), a);
                b = TLanes.Max(TLanes.Load(second + i), b);
                c = TLanes.Max(TLanes.Load(third + i), c);
                d = TLanes.Max(TLanes.Load(fourth + i), d);
            }

            TLanes.Store(maxima + (block * TLanes.Count), a);
            TLanes.Store(maxima + ((block + quarter) * TLanes.Count), b);
            TLanes.Store(maxima + ((block + (2 * quarter)) * TLanes.Count), c);
            TLanes.Store(maxima + ((block + (3 * quarter)) * TLanes.Count), d);
        }

        var blocks = (int)(((long)count + length - 1) / length);
        for (var block = 4 * quarter; block < blocks; block++)
        {
            var start = block * length;
            TLanes.Store(maxima + (block * TLanes.Count), RowMaxima<TLanes>.Of(scores + start, Math.Min(length, count - start)));
        }

        return blocks;
    }

    /// <summary>Writes which blocks have a score that reaches the bound, in ascending order, and returns how many.</summary>
    [MethodImpl(Hot.Inline)]
    public static int Reaching(float* maxima, int blocks, float bound, int* reaching)
    {
        var limit = TLanes.Create(bound);
        var found = 0;
        for (var block = 0; block < blocks; block++)
        {
            reaching[found] = block;
            found += TLanes.GreaterThanOrEqual(TLanes.Load(maxima + (block * TLanes.Count)), limit) != 0 ? 1 : 0;
        }

        return found;
    }
}
