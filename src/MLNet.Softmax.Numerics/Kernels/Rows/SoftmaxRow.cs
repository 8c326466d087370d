using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the probabilities; may be in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Write(float* scores, float* probabilities, int count, in ExponentScale scale, out RowShift shift)
        => count > RegisterRow<TLanes>.Capacity ? WriteLong(scores, probabilities, count, scale, out shift)
            : count > 1 ? InRegisters<Yes>(scores, probabilities, count, scale, out shift)
            : WriteSingleClass(scores, probabilities, count, out shift);

    /// <summary>Sums without writing; a row of no classes, too, whose maximum is -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(float* scores, int count, in ExponentScale scale, out RowShift shift)
        => count > RegisterRow<TLanes>.Capacity || count == 0 ? RowExponentials<TLanes>.Sum(scores, count, scale, default(Nothing), out shift)
            : count > 1 ? InRegisters<No>(scores, scores, count, scale, out shift)
            : SingleClass(scores, out shift);

    /// <summary>Fewer lanes, where they are enough, take fewer steps across them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double InRegisters<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowShift shift)
        where TWrite : struct, IChoice
        => TLanes.Count > Lanes128.Count && count <= Lanes128.Count ? RegisterRow<Lanes128>.Compute<TWrite>(scores, probabilities, count, scale, out shift)
            : TLanes.Count > Lanes256.Count && count <= Lanes256.Count ? RegisterRow<Lanes256>.Compute<TWrite>(scores, probabilities, count, scale, out shift)
            : RegisterRow<TLanes>.Compute<TWrite>(scores, probabilities, count, scale, out shift);

    private static double WriteLong(float* scores, float* probabilities, int count, in ExponentScale scale, out RowShift shift)
    {
        var sum = scores == probabilities
            ? RowExponentials<TLanes>.WriteInPlace(scores, count, scale, out shift)
            : RowExponentials<TLanes>.Write(scores, probabilities, count, scale, default(Nothing), out shift);
        RowSweep<TLanes>.Apply(probabilities, probabilities, count, new Scaling<TLanes>(sum));
        return sum;
    }

    private static double WriteSingleClass(float* scores, float* probabilities, int count, out RowShift shift)
    {
        shift = default;
        return count == 0 ? 0.0 : *probabilities = SingleClass(scores, out shift);
    }

    /// <summary>Exactly 1, or NaN where the score is not finite.</summary>
    private static float SingleClass(float* scores, out RowShift shift)
    {
        shift = new RowShift(*scores, 0f);
        return (*scores - *scores) + 1f;
    }
}
