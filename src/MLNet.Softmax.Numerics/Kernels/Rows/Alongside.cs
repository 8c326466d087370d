using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Work on the row before, done between the steps of a sweep over this one, where it costs next to nothing: the sweep is busy multiplying.
/// </summary>
internal interface IAlongside
{
    /// <summary>Called for four vectors after the other, from the first on, for as many as there is time for.</summary>
    void Step(int start);

    /// <summary>Called once, for all that is left.</summary>
    void Rest(int start);
}

internal readonly struct Nothing : IAlongside
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(int start)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rest(int start)
    {
    }
}

/// <summary>What a finished row is made of, value by value.</summary>
internal interface IFinish<TLanes>
{
    TLanes Apply(TLanes value);
}

/// <summary>The same, once the row's sum is known.</summary>
internal interface IRowFinish<TSelf, TLanes> : IFinish<TLanes>
    where TSelf : struct, IRowFinish<TSelf, TLanes>
{
    static abstract TSelf Create(in RowSum sum);
}

/// <summary>Finishes the row before, of the same length, and puts it where it belongs.</summary>
internal unsafe interface IFinishing<TSelf, TFinish> : IAlongside
    where TSelf : struct, IFinishing<TSelf, TFinish>
{
    /// <param name="source">The row's values.</param>
    /// <param name="target">Where what becomes of them goes.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="scores">The row that is swept over meanwhile, with more to come behind it.</param>
    /// <param name="shared">Room for a line that two rows share: what the row before left there, and what this one leaves.</param>
    /// <param name="isFirst">Whether there was no row before.</param>
    /// <param name="finish">What becomes of the values.</param>
    static abstract TSelf Create(float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish);

    /// <summary>Finishes the last row, alongside nothing.</summary>
    void End();
}

/// <summary>Leaves results to the caches.</summary>
internal readonly unsafe struct Finishing<TLanes, TFinish>(float* source, float* target, int count, TFinish finish)
    : IFinishing<Finishing<TLanes, TFinish>, TFinish>
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IFinish<TLanes>
{
    private readonly float* source = source;
    private readonly float* target = target;
    private readonly TFinish finish = finish;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Finishing<TLanes, TFinish> Create(
        float* source, float* target, int count, float* scores, float* shared, bool isFirst, TFinish finish)
        => new(source, target, count, finish);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(int start)
    {
        TLanes.Store(target + start, finish.Apply(TLanes.Load(source + start)));
        TLanes.Store(target + start + TLanes.Count, finish.Apply(TLanes.Load(source + start + TLanes.Count)));
        TLanes.Store(target + start + (2 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (2 * TLanes.Count))));
        TLanes.Store(target + start + (3 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (3 * TLanes.Count))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rest(int start)
    {
        for (; start <= count - (4 * TLanes.Count); start += 4 * TLanes.Count)
            Step(start);
        for (; start <= count - TLanes.Count; start += TLanes.Count)
            TLanes.Store(target + start, finish.Apply(TLanes.Load(source + start)));
        if (start < count)
            TLanes.StorePartial(
                target + start, count - start, finish.Apply(TLanes.LoadPartial(source + start, count - start, TLanes.Create(0f))));
    }

    public void End() => Rest(0);
}

/// <summary>Softmax: exponentials divided by their sum.</summary>
internal readonly struct Scaling<TLanes>(double sum) : IRowFinish<Scaling<TLanes>, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes factor = TLanes.Create((float)(1.0 / sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scaling<TLanes> Create(in RowSum sum) => new(sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply(TLanes value) => value * factor;
}
