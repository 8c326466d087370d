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
/// Writes results directly to memory and prefetches scores, twice: early enough to come from memory and later from the second-level cache.
/// A line that two rows share is kept until it is complete: if it were stored in parts, the processor would have to read it from memory
/// first, and everything after it would wait.
/// </summary>
/// <typeparam name="TLanes">A vector as long as a cache line.</typeparam>
/// <typeparam name="TFinish">Computes the results from the values.</typeparam>
internal readonly unsafe struct WritingToMemory<TLanes, TFinish>(
    float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish)
    : IAlongside<WritingToMemory<TLanes, TFinish>>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IRowFinish<TFinish, TLanes>
{
    // The steps are called late: see NearSweep.
    private const int FetchedAhead = 1_024, FetchedFarAhead = 4_096;
    // Time with these (Zen 5): .7 of softmax and .55 of log-softmax at 1,000 classes, .7 and .5 at 32,000.
    private const int PagesAhead = Prefetching.PageLength, PagesOfScoresAhead = 8 * Prefetching.PageLength;

    // The number of values stored together; a power of 2. With fewer, log-softmax takes up to 1.1 times as long from 4,000 classes on.
    private const int HeldBack = 256;

    private readonly int head = (int)(-(nint)target & (sizeof(TLanes) - 1)) / sizeof(float);

    [MethodImpl(Hot.Inline)]
    public static WritingToMemory<TLanes, TFinish> Create(in PendingRow row, float* scores)
        => new(row.Values, row.Target, row.Count, scores, row.SharedLine, row.IsFirst, TFinish.Create(row.Sum));

    [MethodImpl(Hot.Inline)]
    public void Step(int start)
    {
        Prefetching.ToSecondLevel(scores + start + FetchedFarAhead);
        Prefetching.ToFirstLevel(scores + start + FetchedAhead);
        Prefetching.Pages(target + start + PagesAhead, 4 * TLanes.Count);
        Prefetching.Pages(scores + start + PagesOfScoresAhead, 4 * TLanes.Count);
        var end = start + (4 * TLanes.Count);
        if (end % HeldBack == 0)
            StoreLines(head + end - HeldBack, head + end);
    }

    [MethodImpl(Hot.Inline)]
    public void Rest(int start)
    {
        // Steps are lines of the target; the last one may have been too many.
        var stored = Math.Min(start & -HeldBack, (count - head) & -TLanes.Count);
        start = StoreLines(head + stored, count);
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

    /// <summary>Stores whole lines, and returns the index of the first value not stored.</summary>
    [MethodImpl(Hot.Inline)]
    private int StoreLines(int start, int end)
    {
        end = Math.Min(end, count);
        for (; start <= end - TLanes.Count; start += TLanes.Count)
            TLanes.Stream(target + start, finish.Apply(TLanes.Load(source + start)));
        return start;
    }
}
