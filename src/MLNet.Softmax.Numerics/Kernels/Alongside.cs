using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Work done between the steps of a sweep over another row, where it costs next to nothing: the sweep is busy multiplying.</summary>
internal interface IAlongside
{
    /// <summary>Called once for every four vectors of the sweep.</summary>
    void Step();
}

internal readonly struct Nothing : IAlongside
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
    }
}

/// <summary>Multiplies the exponentials of the row before, and puts them where they belong, past the caches or not.</summary>
internal unsafe struct Scaling<TLanes, TStreaming>(float* source, float* target, float* end, TLanes factor) : IAlongside
    where TLanes : unmanaged, ILanes<TLanes>
    where TStreaming : struct, IChoice
{
    private readonly nint distance = (nint)target - (nint)source;
    private float* source = source;

    /// <summary>Does the first few, up to where the target is aligned if it has to be.</summary>
    public void Begin()
    {
        if (!TStreaming.IsYes)
            return;
        var misaligned = (int)((((nint)source + distance) & (sizeof(TLanes) - 1)) / sizeof(float));
        if (misaligned != 0)
            Partial(Math.Min(TLanes.Count - misaligned, (int)(end - source)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step()
    {
        if (end - source < 4 * TLanes.Count)
            return;
        var target = (float*)((nint)source + distance);
        Store(target, TLanes.Load(source) * factor);
        Store(target + TLanes.Count, TLanes.Load(source + TLanes.Count) * factor);
        Store(target + (2 * TLanes.Count), TLanes.Load(source + (2 * TLanes.Count)) * factor);
        Store(target + (3 * TLanes.Count), TLanes.Load(source + (3 * TLanes.Count)) * factor);
        source += 4 * TLanes.Count;
    }

    /// <summary>Does what is left.</summary>
    [MethodImpl(Hot.Loop)]
    public void End()
    {
        while (end - source >= 4 * TLanes.Count)
            Step();
        for (; end - source >= TLanes.Count; source += TLanes.Count)
            Store((float*)((nint)source + distance), TLanes.Load(source) * factor);
        if (end != source)
            Partial((int)(end - source));
    }

    private void Partial(int count)
    {
        TLanes.StorePartial((float*)((nint)source + distance), count, TLanes.LoadPartial(source, count, factor) * factor);
        source += count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TLanes value)
    {
        if (TStreaming.IsYes)
            TLanes.StoreStreaming(target, value);
        else
            TLanes.Store(target, value);
    }
}
