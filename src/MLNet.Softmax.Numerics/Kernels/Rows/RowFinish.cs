namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Computes the results from a row's values, one by one.</summary>
internal interface IFinish<TLanes>
{
    TLanes Apply(TLanes value);
}

/// <summary>The same, created from the row's sum alone.</summary>
internal interface IRowFinish<TSelf, TLanes> : IFinish<TLanes>
    where TSelf : struct, IRowFinish<TSelf, TLanes>
{
    static abstract TSelf Create(in RowSum sum);
}

/// <summary>Softmax: exponentials divided by their sum.</summary>
[method: MethodImpl(Hot.Inline)]
internal readonly struct Scaling<TLanes>(double sum) : IRowFinish<Scaling<TLanes>, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes factor = TLanes.Create((float)(1.0 / sum));

    [MethodImpl(Hot.Inline)] public static Scaling<TLanes> Create(in RowSum sum) => new(sum.Value);

    [MethodImpl(Hot.Inline)] public TLanes Apply(TLanes value) => value * factor;
}

/// <summary>
/// Log-softmax at temperature 1: (z - offset) - logsumexp, the latter in two floats. The offset may be a guess far below the maximum.
/// </summary>
[method: MethodImpl(Hot.Inline)]
internal readonly struct Subtraction<TLanes>(float offset, double logSumExp) : IRowFinish<Subtraction<TLanes>, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes offset = TLanes.Create(offset);
    private readonly TLanes high = TLanes.Create((float)logSumExp);
    private readonly TLanes low = TLanes.Create((float)(logSumExp - (float)logSumExp));

    [MethodImpl(Hot.Inline)] public static Subtraction<TLanes> Create(in RowSum sum) => new(sum.Offset, Math.Log(sum.Value) - sum.Excess);

    [MethodImpl(Hot.Inline)] public TLanes Apply(TLanes value) => TLanes.Min(TLanes.Create(0f), ((value - offset) - high) - low);
}

/// <summary>Log-softmax at any temperature of a row that is not too extreme: (z - offset) / T - logsumexp.</summary>
internal readonly struct ScaledSubtraction<TLanes>(float offset, double logSumExp, Reciprocal inverse, float lowest) : IFinish<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes offset = TLanes.Create(offset);
    private readonly TLanes inverseHigh = TLanes.Create(inverse.High);
    private readonly TLanes inverseLow = TLanes.Create(inverse.Low);
    private readonly TLanes minusHigh = TLanes.Create(-(float)logSumExp);
    private readonly TLanes minusLow = TLanes.Create((float)((float)logSumExp - logSumExp));
    private readonly TLanes lowest = TLanes.Create(lowest);

    [MethodImpl(Hot.Inline)]
    public TLanes Apply(TLanes value)
    {
        var z = value - offset;
        return TLanes.Min(TLanes.Create(0f),
            TLanes.MultiplyAdd(z, inverseHigh, minusHigh) + TLanes.MultiplyAdd(TLanes.Max(lowest, z), inverseLow, minusLow));
    }
}

/// <summary>Writes the results of a row's values; in place or not.</summary>
internal static unsafe class FinishedRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    [MethodImpl(Hot.Kernel)]
    public static void Write<TFinish>(float* source, float* target, int count, TFinish finish)
        where TFinish : struct, IFinish<TLanes>
        => Write(source, target, 0, count, finish);

    [MethodImpl(Hot.Inline)]
    public static void Write<TFinish>(float* source, float* target, int start, int count, in TFinish finish)
        where TFinish : struct, IFinish<TLanes>
    {
        for (; start <= count - (4 * TLanes.Count); start += 4 * TLanes.Count)
            WriteFour(source + start, target + start, finish);
        for (; start <= count - TLanes.Count; start += TLanes.Count)
            TLanes.Store(target + start, finish.Apply(TLanes.Load(source + start)));
        if (start < count)
            TLanes.StorePartial(
                target + start, count - start, finish.Apply(TLanes.LoadPartial(source + start, count - start, TLanes.Create(0f))));
    }

    [MethodImpl(Hot.Inline)]
    public static void WriteFour<TFinish>(float* source, float* target, in TFinish finish)
        where TFinish : struct, IFinish<TLanes>
    {
        TLanes.Store(target, finish.Apply(TLanes.Load(source)));
        TLanes.Store(target + TLanes.Count, finish.Apply(TLanes.Load(source + TLanes.Count)));
        TLanes.Store(target + (2 * TLanes.Count), finish.Apply(TLanes.Load(source + (2 * TLanes.Count))));
        TLanes.Store(target + (3 * TLanes.Count), finish.Apply(TLanes.Load(source + (3 * TLanes.Count))));
    }
}
