using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Finishes the row before past the caches, and asks memory for the row after. A line that two rows share is kept until it is whole: stored in
/// parts, it would have to be read from memory first, and everything behind it would wait.
/// </summary>
/// <typeparam name="TLanes">A vector as long as a line.</typeparam>
/// <typeparam name="TFinish">What becomes of the values.</typeparam>
internal readonly unsafe struct Streaming<TLanes, TFinish> : IAlongside
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IFinish<TLanes>
{
    private readonly float* source;
    private readonly float* target;
    private readonly float* following;
    private readonly float* shared;
    private readonly int count;
    private readonly int head;
    private readonly bool isFirst;
    private readonly TFinish finish;

    /// <param name="source">The row's values.</param>
    /// <param name="target">Where what becomes of them goes.</param>
    /// <param name="count">How many there are, at least two lines full.</param>
    /// <param name="following">What will be read next.</param>
    /// <param name="shared">Room for the line that is not whole: what the row before left there, and what this one leaves.</param>
    /// <param name="isFirst">Whether there was no row before.</param>
    /// <param name="finish">What becomes of the values.</param>
    public Streaming(float* source, float* target, int count, float* following, float* shared, bool isFirst, TFinish finish)
    {
        this.source = source;
        this.target = target;
        this.following = following;
        this.shared = shared;
        this.count = count;
        this.isFirst = isFirst;
        this.finish = finish;
        head = (int)(-(nint)target & (sizeof(TLanes) - 1)) / sizeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(int start)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(following + start);
            Sse.Prefetch0(following + start + TLanes.Count);
            Sse.Prefetch0(following + start + (2 * TLanes.Count));
            Sse.Prefetch0(following + start + (3 * TLanes.Count));
        }

        start += head;
        if (start > count - (4 * TLanes.Count))
            return;
        TLanes.Stream(target + start, finish.Apply(TLanes.Load(source + start)));
        TLanes.Stream(target + start + TLanes.Count, finish.Apply(TLanes.Load(source + start + TLanes.Count)));
        TLanes.Stream(target + start + (2 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (2 * TLanes.Count))));
        TLanes.Stream(target + start + (3 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (3 * TLanes.Count))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rest(int start)
    {
        // Steps go by lines of the target, of which the last four may have been too many for the last step.
        start = head + ((count - head) & -(4 * TLanes.Count));
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

    /// <summary>Finishes the last row, alongside nothing.</summary>
    public void End()
    {
        for (var start = 0; start <= count - (4 * TLanes.Count); start += 4 * TLanes.Count)
            Step(start);
        Rest(count);
        var rest = (count - head) & (TLanes.Count - 1);
        TLanes.StorePartial(target + count - rest, rest, TLanes.Load(shared));
        if (Sse.IsSupported)
            Sse.StoreFence();
    }
}
