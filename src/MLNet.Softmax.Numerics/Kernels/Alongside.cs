using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Work on the row before, done between the steps of a sweep over this one, where it costs next to nothing: the sweep is busy multiplying.</summary>
internal interface IAlongside
{
    /// <summary>Called for every four vectors of the sweep, from the first on.</summary>
    void Step(int start);

    /// <summary>Called once, from where the sweep has less than four vectors left.</summary>
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

/// <summary>Finishes the row before, and puts it where it belongs, past the caches or not.</summary>
internal readonly unsafe struct Finishing<TLanes, TFinish, TStreaming> : IAlongside
    where TLanes : unmanaged, ILanes<TLanes>
    where TFinish : struct, IFinish<TLanes>
    where TStreaming : struct, IChoice
{
    private readonly float* source;
    private readonly float* target;
    private readonly int count;
    private readonly TFinish finish;

    /// <summary>Does the first few values at once, up to where the target is aligned, if it has to be.</summary>
    public Finishing(float* source, float* target, int count, TFinish finish)
    {
        var first = 0;
        if (TStreaming.IsYes)
            first = Math.Min(count, (int)(-(nint)target & (sizeof(TLanes) - 1)) / sizeof(float));
        this.source = source + first;
        this.target = target + first;
        this.count = count - first;
        this.finish = finish;
        if (first > 0)
            TLanes.StorePartial(target, first, finish.Apply(TLanes.LoadPartial(source, first, TLanes.Create(0f))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(int start)
    {
        if (TStreaming.IsYes && start > count - (4 * TLanes.Count))
            return;
        Store(start, finish.Apply(TLanes.Load(source + start)));
        Store(start + TLanes.Count, finish.Apply(TLanes.Load(source + start + TLanes.Count)));
        Store(start + (2 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (2 * TLanes.Count))));
        Store(start + (3 * TLanes.Count), finish.Apply(TLanes.Load(source + start + (3 * TLanes.Count))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rest(int start)
    {
        if (TStreaming.IsYes && start > count)
            start -= 4 * TLanes.Count;
        for (; start < count; start += TLanes.Count)
        {
            var rest = Math.Min(count - start, TLanes.Count);
            TLanes.StorePartial(target + start, rest, finish.Apply(TLanes.LoadPartial(source + start, rest, TLanes.Create(0f))));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Store(int start, TLanes value)
    {
        if (TStreaming.IsYes)
            TLanes.StoreStreaming(target + start, value);
        else
            TLanes.Store(target + start, value);
    }
}

/// <summary>Softmax: exponentials divided by their sum.</summary>
internal readonly struct Scaling<TLanes>(double sum) : IFinish<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes factor = TLanes.Create((float)(1.0 / sum));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply(TLanes value) => value * factor;
}
