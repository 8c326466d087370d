using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: its maximum, then exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the probabilities; may be in place.</summary>
    [MethodImpl(Hot.Loop)]
    public static (RowShift Shift, double Sum) Write(float* scores, float* probabilities, int count, in ExponentScale scale)
    {
        if (count <= 1)
            return count == 0 ? default : WriteSingleClass(scores, probabilities);
        if (count <= RegisterRow<TLanes>.Capacity)
            return RegisterRow<TLanes>.Write(scores, probabilities, count, scale);
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        var sum = RowSweep<TLanes>.Exponentials<Yes>(scores, probabilities, count, scale, shift);
        RowSweep<TLanes>.Multiply(probabilities, probabilities, count, (float)(1.0 / sum));
        return (shift, sum);
    }

    /// <summary>Sums without writing.</summary>
    [MethodImpl(Hot.Loop)]
    public static (RowShift Shift, double Sum) Sum(float* scores, int count, in ExponentScale scale)
    {
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        return (shift, RowSweep<TLanes>.Exponentials<No>(scores, scores, count, scale, shift));
    }

    /// <summary>Exactly 1, or NaN where the score is not finite.</summary>
    private static (RowShift Shift, double Sum) WriteSingleClass(float* scores, float* probabilities)
    {
        var score = *scores;
        *probabilities = (score - score) + 1f;
        return (new RowShift(score, 0f), *probabilities);
    }
}
