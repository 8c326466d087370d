using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the probabilities; may be in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum sum)
    {
        if (count > RegisterRow<TLanes>.Capacity)
            WriteLong(scores, probabilities, count, scale, out sum);
        else if (count > 1)
            InRegisters<Yes>(scores, probabilities, count, scale, out sum);
        else
            WriteSingleClass(scores, probabilities, count, out sum);
    }

    /// <summary>Sums without writing; a row of no classes, too, whose maximum is -infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Sum(float* scores, int count, in ExponentScale scale, out RowSum sum)
    {
        if (count > RegisterRow<TLanes>.Capacity || count == 0)
            RowExponentials<TLanes>.Compute<No, Nothing>(scores, scores, count, scale, default, out sum);
        else if (count > 1)
            InRegisters<No>(scores, scores, count, scale, out sum);
        else
            SumSingleClass(scores, out sum);
    }

    /// <summary>Fewer lanes, where they are enough, take fewer steps across them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InRegisters<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum sum)
        where TWrite : struct, IChoice
    {
        if (TLanes.Count > Lanes128.Count && count <= Lanes128.Count)
            RegisterRow<Lanes128>.Compute<TWrite>(scores, probabilities, count, scale, out sum);
        else if (TLanes.Count > Lanes256.Count && count <= Lanes256.Count)
            RegisterRow<Lanes256>.Compute<TWrite>(scores, probabilities, count, scale, out sum);
        else
            RegisterRow<TLanes>.Compute<TWrite>(scores, probabilities, count, scale, out sum);
    }

    private static void WriteLong(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum sum)
    {
        if (scores == probabilities)
            RowExponentials<TLanes>.WriteInPlace(scores, count, scale, out sum);
        else
            RowExponentials<TLanes>.Compute<Yes, Nothing>(scores, probabilities, count, scale, default, out sum);
        RowSweep<TLanes>.Apply(probabilities, probabilities, count, new Scaling<TLanes>(sum.Value));
    }

    private static void WriteSingleClass(float* scores, float* probabilities, int count, out RowSum sum)
    {
        sum = default;
        if (count == 0)
            return;
        SumSingleClass(scores, out sum);
        *probabilities = (float)sum.Value;
    }

    /// <summary>Exactly 1, or NaN where the score is not finite.</summary>
    private static void SumSingleClass(float* scores, out RowSum sum)
    {
        sum.Value = (*scores - *scores) + 1f;
        sum.Excess = 0.0;
        sum.Offset = *scores;
    }
}
