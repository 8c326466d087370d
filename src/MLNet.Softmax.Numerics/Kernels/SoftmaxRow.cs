using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the probabilities; may be in place.</summary>
    [MethodImpl(Hot.Loop)]
    public static (RowShift Shift, double Sum) Write(float* scores, float* probabilities, int count, in ExponentScale scale)
    {
        if (count <= RegisterRow<TLanes>.Capacity)
            return count > 1 ? RegisterRow<TLanes>.Write(scores, probabilities, count, scale) : count == 0 ? default : WriteSingleClass(scores, probabilities);
        var (shift, sum) = scores == probabilities
            ? RowExponentials<TLanes>.WriteInPlace(scores, count, scale)
            : RowExponentials<TLanes>.Write(scores, probabilities, count, scale, default(Nothing));
        RowSweep<TLanes>.Apply(probabilities, probabilities, count, new Scaling<TLanes>(sum));
        return (shift, sum);
    }

    /// <summary>Sums without writing.</summary>
    [MethodImpl(Hot.Loop)]
    public static (RowShift Shift, double Sum) Sum(float* scores, int count, in ExponentScale scale)
    {
        return count == 1 ? SingleClass(scores) : RowExponentials<TLanes>.Sum(scores, count, scale, default(Nothing));
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
