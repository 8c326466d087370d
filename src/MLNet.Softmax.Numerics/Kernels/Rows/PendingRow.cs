using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A row whose sum is known and whose results are still to be written.</summary>
/// <remarks>
/// The loop that writes them reads the fields it needs. A copy of the whole structure would have to wait until
/// each field has reached the cache, the sum last: 6 % of softmax and 15 % of log-softmax at 320 classes.
/// </remarks>
internal unsafe struct PendingRow
{
    /// <summary>What results are computed from: exponentials or scores.</summary>
    public float* Values;

    /// <summary>Where results go.</summary>
    public float* Target;

    public int Count;

    public RowSum Sum;

    /// <summary>Room for a cache line that two rows share: what the row before left there, and what this one leaves.</summary>
    public float* SharedLine;

    /// <summary>Whether there was no row before.</summary>
    public bool IsFirst;
}

/// <summary>
/// Writes the results of the row before between the steps of a sweep over this one. The sweep is busy multiplying, so that costs little.
/// </summary>
internal unsafe interface IAlongside<TSelf>
    where TSelf : struct, IAlongside<TSelf>
{
    /// <param name="row">The row before.</param>
    /// <param name="scores">The row that is swept over meanwhile, with more to come behind it.</param>
    static abstract TSelf Create(in PendingRow row, float* scores);

    /// <summary>Called for four vectors after the other, from the first on, for as many as there is time for.</summary>
    void Step(int start);

    /// <summary>Called once, for all that is left.</summary>
    void Rest(int start);

    /// <summary>Writes the last row, alongside nothing.</summary>
    void End();
}

/// <summary>There is no row before.</summary>
internal readonly unsafe struct Nothing : IAlongside<Nothing>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static Nothing Create(in PendingRow row, float* scores) => default;

    [MethodImpl(Inline)]
    public void Step(int start)
    {
    }

    [MethodImpl(Inline)]
    public void Rest(int start)
    {
    }

    public void End()
    {
    }
}

/// <summary>Leaves results to the caches.</summary>
internal readonly unsafe struct WritingToCache<TLanes, TFinish>(float* source, float* target, int count, TFinish finish)
    : IAlongside<WritingToCache<TLanes, TFinish>>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IRowFinish<TFinish, TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static WritingToCache<TLanes, TFinish> Create(in PendingRow row, float* scores)
        => new(row.Values, row.Target, row.Count, TFinish.Create(row.Sum));

    [MethodImpl(Inline)]
    public void Step(int start) => FinishedRow<TLanes>.WriteFour(source + start, target + start, finish);

    [MethodImpl(Inline)]
    public void Rest(int start) => FinishedRow<TLanes>.Write(source, target, start, count, finish);

    public void End() => Rest(0);
}

/// <summary>
/// Writes results past the caches, and asks memory for scores ahead. A line that two rows share is kept until it is whole: stored
/// in parts, it would have to be read from memory first, and everything behind it would wait.
/// </summary>
/// <typeparam name="TLanes">A vector as long as a line.</typeparam>
/// <typeparam name="TFinish">What becomes of the values.</typeparam>
/// <typeparam name="TLong">
/// Whether a few rows are too much for the first-level cache. Scores are then asked for in time to come from memory, and once more in time
/// to come from the second level, and stores held back for a while, as memory would rather do one thing at a time; shorter rows the
/// processor fetches well by itself, but for the step to the first-level cache.
/// </typeparam>
internal readonly unsafe struct WritingToMemory<TLanes, TFinish, TLong>(
    float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish)
    : IAlongside<WritingToMemory<TLanes, TFinish, TLong>>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IRowFinish<TFinish, TLanes>
    where TLong : struct, IChoice
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Of steps, which are called late: see NearSweep.
    private const int FetchedAhead = 192, FetchedAheadOfLong = 1_024, FetchedFarAhead = 4_096;

    // How many values are stored together; a power of 2.
    private const int HeldBack = 256;

    private readonly int head = (int)(-(nint)target & (sizeof(TLanes) - 1)) / sizeof(float);

    [MethodImpl(Inline)]
    public static WritingToMemory<TLanes, TFinish, TLong> Create(in PendingRow row, float* scores)
        => new(row.Values, row.Target, row.Count, scores, row.SharedLine, row.IsFirst, TFinish.Create(row.Sum));

    [MethodImpl(Inline)]
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

    [MethodImpl(Inline)]
    public void Rest(int start)
    {
        // Steps go by lines of the target, of which the last four may have been too many.
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

    /// <summary>Stores four lines after the other, and returns where the first is that is not.</summary>
    [MethodImpl(Inline)]
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

/// <summary>Asks memory for four lines of 16 floats, in time for when they are needed; nothing happens where they do not exist.</summary>
internal static unsafe class Prefetching
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirstLevel(float* position)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(position);
        Sse.Prefetch0(position + 16);
        Sse.Prefetch0(position + 32);
        Sse.Prefetch0(position + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
