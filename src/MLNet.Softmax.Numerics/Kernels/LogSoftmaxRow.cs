using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The log-softmax of one row: z / T - logsumexp, both kept as a high and a low float, so that a small difference of large numbers
/// loses nothing.
/// </summary>
internal static unsafe class LogSoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Beyond it the difference of two scores may overflow.</summary>
    public const float LargestMaximum = 1e38f;

    /// <summary>Writes the logarithms of the probabilities; may be in place.</summary>
    [MethodImpl(Hot.Loop)]
    public static void Write(float* scores, float* logProbabilities, int count, float temperature, in ExponentScale scale)
    {
        if (count == 1)
        {
            *logProbabilities = *scores - *scores;
            return;
        }

        var (shift, sum) = SoftmaxRow<TLanes>.Sum(scores, count, scale);
        if (!(Math.Abs(shift.Offset) < LargestMaximum))
        {
            DoublePrecisionRow.LogSoftmax(new ReadOnlySpan<float>(scores, count), new Span<float>(logProbabilities, count), temperature);
            return;
        }

        var logSumExp = new LogNormalizer(shift with { Offset = 0f }, sum).Value;
        Subtract(scores, logProbabilities, count, shift.Offset, logSumExp, temperature, scale.Lowest);
    }

    [MethodImpl(Hot.Loop)]
    private static void Subtract(float* scores, float* target, int count, float offset, double logSumExp, float temperature, float lowest)
    {
        var inverse = new Reciprocal(temperature);
        var terms = new Terms(
            TLanes.Create(offset),
            TLanes.Create(inverse.High),
            TLanes.Create(inverse.Low),
            TLanes.Create(-(float)logSumExp),
            TLanes.Create((float)((float)logSumExp - logSumExp)),
            TLanes.Create(lowest));
        var i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(target + i, terms.Apply(TLanes.Load(scores + i)));
        if (i < count)
            TLanes.StorePartial(target + i, count - i, terms.Apply(TLanes.LoadPartial(scores + i, count - i, TLanes.Create(0f))));
    }

    private readonly struct Terms(TLanes offset, TLanes inverseHigh, TLanes inverseLow, TLanes minusLogHigh, TLanes minusLogLow, TLanes lowest)
    {
        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
        public TLanes Apply(TLanes score)
        {
            var z = score - offset;
            return TLanes.MultiplyAdd(z, inverseHigh, minusLogHigh) + TLanes.MultiplyAdd(TLanes.Max(lowest, z), inverseLow, minusLogLow);
        }
    }
}
