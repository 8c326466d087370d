using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Which scores are at least as large as a limit.</summary>
internal static unsafe class Reaching<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>One bit per score, the first one's lowest; none for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong OfFourVectors(float* scores, TLanes limit)
        => TLanes.GreaterThanOrEqual(TLanes.Load(scores), limit)
            | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + TLanes.Count), limit) << TLanes.Count)
            | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + (2 * TLanes.Count)), limit) << (2 * TLanes.Count))
            | ((ulong)TLanes.GreaterThanOrEqual(TLanes.Load(scores + (3 * TLanes.Count)), limit) << (3 * TLanes.Count));
}
