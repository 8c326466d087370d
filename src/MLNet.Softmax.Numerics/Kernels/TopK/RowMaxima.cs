using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The largest score that each lane meets in a run of scores; NaN is passed over, and where there is nothing else it is -infinity.
/// </summary>
internal static unsafe class RowMaxima<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    [MethodImpl(Inline)]
    public static TLanes Of(float* scores, int count)
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        var (a, b, c, d) = (lowest, lowest, lowest, lowest);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            a = TLanes.Max(TLanes.Load(scores + i), a);
            b = TLanes.Max(TLanes.Load(scores + i + TLanes.Count), b);
            c = TLanes.Max(TLanes.Load(scores + i + (2 * TLanes.Count)), c);
            d = TLanes.Max(TLanes.Load(scores + i + (3 * TLanes.Count)), d);
        }

        for (; i <= count - TLanes.Count; i += TLanes.Count)
            a = TLanes.Max(TLanes.Load(scores + i), a);
        if (i < count)
            b = TLanes.Max(TLanes.LoadPartial(scores + i, count - i, lowest), b);
        return TLanes.Max(TLanes.Max(a, b), TLanes.Max(c, d));
    }
}
