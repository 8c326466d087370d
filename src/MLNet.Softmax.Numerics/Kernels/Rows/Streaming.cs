using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Finishes the row before past the caches, and asks memory for scores ahead. A line that two rows share is kept until it is whole: stored
/// in parts, it would have to be read from memory first, and everything behind it would wait.
/// </summary>
/// <typeparam name="TLanes">A vector as long as a line.</typeparam>
/// <typeparam name="TFinish">What becomes of the values.</typeparam>
/// <typeparam name="TLong">
/// Whether a few rows are too much for the first-level cache. Scores are then asked for in time to come from memory, and once more in time
/// to come from the second level, and stores held back for a while, as memory would rather do one thing at a time; shorter rows the
/// processor fetches well by itself, but for the step to the first-level cache.
/// </typeparam>
internal readonly unsafe struct Streaming<TLanes, TFinish, TLong> : IFinishing<Streaming<TLanes, TFinish, TLong>, TFinish>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IFinish<TLanes>
    where TLong : struct, IChoice
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Of steps, which are called late: see NearSweep.
    private const int FetchedAhead = 192, FetchedAheadOfLong = 1_024, FetchedFarAhead = 4_096;

    // How many values are stored together; a power of 2.
    private const int HeldBack = 256;

    private readonly float* source;
    private readonly float* target;
    private readonly float* scores;
    private readonly float* shared;
    private readonly int count;
    private readonly int head;
    private readonly bool isFirst;
    private readonly TFinish finish;

    private Streaming(float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish)
    {
        this.source = source;
        this.target = target;
        this.scores = scores;
        this.shared = shared;
        this.count = count;
        this.isFirst = isFirst;
        this.finish = finish;
        head = (int)(-(nint)target & (sizeof(TLanes) - 1)) / sizeof(float);
    }

    [MethodImpl(Inline)]
    public static Streaming<TLanes, TFinish, TLong> Create(
        float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish)
        => new(source, target, count, scores, shared, isFirst, finish);

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
