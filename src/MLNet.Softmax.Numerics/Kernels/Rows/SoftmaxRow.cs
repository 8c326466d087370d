using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the probabilities; may be in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (RowShift Shift, double Sum) Write(float* scores, float* probabilities, int count, in ExponentScale scale)
        => count > RegisterRow<TLanes>.Capacity ? WriteLong(scores, probabilities, count, scale)
            : count > 1 ? InRegisters<Yes>(scores, probabilities, count, scale)
            : count == 0 ? default : WriteSingleClass(scores, probabilities);

    /// <summary>Sums without writing; a row of no classes, too, whose maximum is -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (RowShift Shift, double Sum) Sum(float* scores, int count, in ExponentScale scale)
        => count > RegisterRow<TLanes>.Capacity || count == 0 ? RowExponentials<TLanes>.Sum(scores, count, scale, default(Nothing))
            : count > 1 ? InRegisters<No>(scores, scores, count, scale)
            : SingleClass(scores);

    /// <summary>Fewer lanes, where they are enough, take fewer steps across them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (RowShift Shift, double Sum) InRegisters<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale)
        where TWrite : struct, IChoice
        => TLanes.Count > Lanes128.Count && count <= Lanes128.Count ? RegisterRow<Lanes128>.Compute<TWrite>(scores, probabilities, count, scale)
            : TLanes.Count > Lanes256.Count && count <= Lanes256.Count ? RegisterRow<Lanes256>.Compute<TWrite>(scores, probabilities, count, scale)
            : RegisterRow<TLanes>.Compute<TWrite>(scores, probabilities, count, scale);

    private static (RowShift Shift, double Sum) WriteLong(float* scores, float* probabilities, int count, in ExponentScale scale)
    {
        var (shift, sum) = scores == probabilities
            ? RowExponentials<TLanes>.WriteInPlace(scores, count, scale)
            : RowExponentials<TLanes>.Write(scores, probabilities, count, scale, default(Nothing));
        RowSweep<TLanes>.Apply(probabilities, probabilities, count, new Scaling<TLanes>(sum));
        return (shift, sum);
    }

    private static (RowShift Shift, double Sum) WriteSingleClass(float* scores, float* probabilities)
    {
        var result = SingleClass(scores);
        *probabilities = (float)result.Sum;
        return result;
    }

    /// <summary>Exactly 1, or NaN where the score is not finite.</summary>
    private static (RowShift Shift, double Sum) SingleClass(float* scores) => (new RowShift(*scores, 0f), (*scores - *scores) + 1f);
}
