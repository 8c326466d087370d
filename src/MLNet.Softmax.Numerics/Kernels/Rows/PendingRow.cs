namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A row whose sum is known and whose results are still to be written.</summary>
/// <remarks>
/// The loop that writes them reads the fields it needs. A copy of the whole structure would have to wait until each field, the sum last,
/// has reached the cache: 6 % of softmax and 15 % of log-softmax at 320 classes.
/// </remarks>
internal unsafe struct PendingRow
{
    /// <summary>The values that results are computed from: exponentials or scores.</summary>
    public float* Values;

    public float* Target;
    public int Count;
    public RowSum Sum;

    /// <summary>Room for a cache line that two rows share: the part that the row before left, and the part that this one leaves.</summary>
    public float* SharedLine;

    /// <summary>Whether there was no row before.</summary>
    public bool IsFirst;
}

/// <summary>
/// Writes the results of the row before between the steps of a sweep over this one. The sweep is limited by its multiplications, so this
/// costs little.
/// </summary>
internal unsafe interface IAlongside<TSelf>
    where TSelf : struct, IAlongside<TSelf>
{
    /// <param name="row">The row before.</param>
    /// <param name="scores">The row of the sweep; more rows follow it.</param>
    static abstract TSelf Create(in PendingRow row, float* scores);

    /// <summary>Called for each four vectors in turn, from the first on, as long as there is time.</summary>
    void Step(int start);

    /// <summary>Called once, for everything that is left.</summary>
    void Rest(int start);

    /// <summary>Writes the last row, without a sweep.</summary>
    void End();
}

/// <summary>There is no row before.</summary>
internal readonly unsafe struct Nothing : IAlongside<Nothing>
{
    [MethodImpl(Hot.Inline)] public static Nothing Create(in PendingRow row, float* scores) => default;

    [MethodImpl(Hot.Inline)]
    public void Step(int start) { }

    [MethodImpl(Hot.Inline)]
    public void Rest(int start) { }

    public void End() { }
}

/// <summary>Writes results through the caches.</summary>
internal readonly unsafe struct WritingToCache<TLanes, TFinish>(float* source, float* target, int count, TFinish finish)
    : IAlongside<WritingToCache<TLanes, TFinish>>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IRowFinish<TFinish, TLanes>
{
    [MethodImpl(Hot.Inline)]
    public static WritingToCache<TLanes, TFinish> Create(in PendingRow row, float* scores)
        => new(row.Values, row.Target, row.Count, TFinish.Create(row.Sum));

    [MethodImpl(Hot.Inline)] public void Step(int start) => FinishedRow<TLanes>.WriteFour(source + start, target + start, finish);

    [MethodImpl(Hot.Inline)] public void Rest(int start) => FinishedRow<TLanes>.Write(source, target, start, count, finish);

    public void End() => Rest(0);
}

/// <summary>
/// Writes results directly to memory and prefetches scores. A line that two rows share is kept until it is complete: if it were stored in
/// parts, the processor would have to read it from memory first, and everything after it would wait.
/// </summary>
/// <typeparam name="TLanes">A vector as long as a cache line.</typeparam>
/// <typeparam name="TFinish">Computes the results from the values.</typeparam>
/// <typeparam name="TLong">
/// Whether a few rows exceed the first-level cache. Scores are then prefetched twice, early enough to come from memory and later from the
/// second-level cache, and stores are held back for a while, because memory is faster if reads and writes do not alternate. For shorter
/// rows, the hardware prefetches well except into the first-level cache.
/// </typeparam>
internal readonly unsafe struct WritingToMemory<TLanes, TFinish, TLong>(
    float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish)
    : IAlongside<WritingToMemory<TLanes, TFinish, TLong>>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IRowFinish<TFinish, TLanes>
    where TLong : struct, IChoice
{
    // Of steps, which are called late: see NearSweep. Time with 512 instead of 192: softmax .93, log-softmax 1.05 (Zen 5).
    private const int FetchedAheadOfLong = 1_024, FetchedFarAhead = 4_096;
    private static int FetchedAhead => typeof(TFinish) == typeof(Scaling<TLanes>) ? 512 : 192;

    // The number of values stored together; a power of 2.
    private const int HeldBack = 256;

    private readonly int head = (int)(-(nint)target & (sizeof(TLanes) - 1)) / sizeof(float);

    [MethodImpl(Hot.Inline)]
    public static WritingToMemory<TLanes, TFinish, TLong> Create(in PendingRow row, float* scores)
        => new(row.Values, row.Target, row.Count, scores, row.SharedLine, row.IsFirst, TFinish.Create(row.Sum));

    [MethodImpl(Hot.Inline)]
    public void Step(int start)
    {
        if (TLong.IsYes)
            Prefetching.ToSecondLevel(scores + start + FetchedFarAhead);
        Prefetching.ToFirstLevel(scores + start + (TLong.IsYes ? FetchedAheadOfLong : FetchedAhead));
        var end = start + (4 * TLanes.Count);
        if (!TLong.IsYes)
            StoreLines(head + start, head + end);
        else if (end % HeldBack == 0)
            StoreLines(head + end - HeldBack, head + end);
    }

    [MethodImpl(Hot.Inline)]
    public void Rest(int start)
    {
        // Steps are lines of the target; the last four may have been too many.
        var stored = Math.Min(TLong.IsYes ? start & -HeldBack : start, (count - head) & -(4 * TLanes.Count));
        start = StoreLines(head + stored, count);
        for (; start <= count - TLanes.Count; start += TLanes.Count)
            TLanes.Stream(target + start, finish.Apply(TLanes.Load(source + start)));
        var first = finish.Apply(TLanes.LoadPartial(source, head, TLanes.Create(0f)));
        if (isFirst)
        {
            TLanes.StorePartial(target, head, first);
        }
        else if (head > 0)
        {
            TLanes.StorePartial(shared + TLanes.Count - head, head, first);
            TLanes.Stream(target + head - TLanes.Count, TLanes.Load(shared));
        }

        TLanes.StorePartial(shared, count - start, finish.Apply(TLanes.LoadPartial(source + start, count - start, TLanes.Create(0f))));
    }

    public void End()
    {
        Rest(0);
        var rest = (count - head) & (TLanes.Count - 1);
        TLanes.StorePartial(target + count - rest, rest, TLanes.Load(shared));
        if (Sse.IsSupported)
            Sse.StoreFence();
    }

    /// <summary>Stores groups of four lines, and returns the index of the first line not stored.</summary>
    [MethodImpl(Hot.Inline)]
    private int StoreLines(int start, int end)
    {
        end = Math.Min(end, count);
        for (; start <= end - (4 * TLanes.Count); start += 4 * TLanes.Count)
        {
            TLanes.Stream(target + start, finish.Apply(TLanes.Load(source + start)));
            TLanes.Stream(target + start + TLanes.Count, finish.Apply(TLanes.Load(source + start + TLanes.Count)));
            TLanes.Stream(target + start + (2 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (2 * TLanes.Count))));
            TLanes.Stream(target + start + (3 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (3 * TLanes.Count))));
        }

        return start;
    }
}

/// <summary>Prefetches four lines of 16 floats, early enough for their use; addresses that do not exist are harmless.</summary>
internal static unsafe class Prefetching
{
    [MethodImpl(Hot.Inline)]
    public static void ToFirstLevel(float* position)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(position);
        Sse.Prefetch0(position + 16);
        Sse.Prefetch0(position + 32);
        Sse.Prefetch0(position + 48);
    }

    [MethodImpl(Hot.Inline)]
    public static void ToSecondLevel(float* position)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch1(position);
        Sse.Prefetch1(position + 16);
        Sse.Prefetch1(position + 32);
        Sse.Prefetch1(position + 48);
    }
}
