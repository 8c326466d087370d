using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // In floats: 16 KB.
    private const int MostOnStack = 4_096;

    /// <summary>Writes the probabilities; may be in place.</summary>
    [MethodImpl(Hot.Inline)]
    public static void Write(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum sum)
    {
        if (count > RegisterRow<TLanes>.Capacity)
        {
            if (!ShortRow<TLanes>.Takes(count) || !ShortRow<TLanes>.TryWrite<WritesResults>(scores, probabilities, count, scale, out sum))
                WriteInTwoSweeps(scores, probabilities, count, scale, out sum);
        }
        else if (count > 1)
        {
            InRegisters<WritesResults>(scores, probabilities, count, scale, out sum);
        }
        else if (count == 1)
        {
            SumSingleClass(scores, out sum);
            *probabilities = (float)sum.Value;
        }
        else
        {
            sum = default;
        }
    }

    /// <summary>Sums without writing; also for an empty row, whose maximum is -infinity.</summary>
    [MethodImpl(Hot.Inline)]
    public static void Sum(float* scores, int count, in ExponentScale scale, out RowSum sum)
    {
        if (count > RegisterRow<TLanes>.Capacity || count == 0)
        {
            if (!ShortRow<TLanes>.Takes(count) || !ShortRow<TLanes>.TryWrite<SumsOnly>(scores, scores, count, scale, out sum))
                RowExponentials<TLanes>.Compute<SumsOnly, Nothing>(scores, scores, count, scale, default, out sum);
        }
        else if (count > 1)
        {
            InRegisters<SumsOnly>(scores, scores, count, scale, out sum);
        }
        else
        {
            SumSingleClass(scores, out sum);
        }
    }

    /// <summary>Uses narrower vectors if they are enough: they need fewer steps across lanes.</summary>
    [MethodImpl(Hot.Inline)]
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

    /// <summary>
    /// Exponentials first, then the division. In place, the exponentials go to a buffer, because a row may need two sweeps.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static void WriteInTwoSweeps(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum sum)
    {
        var onStack = stackalloc float[MostOnStack];
        var exponentials = scores != probabilities ? probabilities
            : count <= MostOnStack ? onStack
            : (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
        RowExponentials<TLanes>.Compute<WritesResults, Nothing>(scores, exponentials, count, scale, default, out sum);
        FinishedRow<TLanes>.Write(exponentials, probabilities, count, new Scaling<TLanes>(sum.Value));
        if (exponentials != probabilities && exponentials != onStack)
            NativeMemory.Free(exponentials);
    }

    /// <summary>Exactly 1, or NaN where the score is not finite.</summary>
    private static void SumSingleClass(float* scores, out RowSum sum)
    {
        sum.Value = (*scores - *scores) + 1f;
        sum.Excess = 0.0;
        sum.Offset = *scores;
    }
}

/// <summary>
/// The log-softmax of one row: z / T - logsumexp, both as a high and a low float, so that a small difference of large numbers keeps its
/// precision. Rounding never makes it positive.
/// </summary>
internal static unsafe class LogSoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Above it, the difference of two scores may overflow.</summary>
    public const float LargestMaximum = 1e38f;

    /// <summary>Writes the logarithms of the probabilities; may be in place.</summary>
    [MethodImpl(Hot.Kernel)]
    public static void Write(float* scores, float* logProbabilities, int count, float temperature, in ExponentScale scale)
    {
        if (count == 1)
        {
            *logProbabilities = *scores - *scores;
            return;
        }

        SoftmaxRow<TLanes>.Sum(scores, count, scale, out var sum);
        if (temperature == 1f)
            FinishedRow<TLanes>.Write(scores, logProbabilities, count, Subtraction<TLanes>.Create(sum));
        else if (Math.Abs(sum.Offset) < LargestMaximum)
            FinishedRow<TLanes>.Write(scores, logProbabilities, count, new ScaledSubtraction<TLanes>(
                sum.Offset, Math.Log(sum.Value) - sum.Excess, new Reciprocal(temperature), scale.Lowest));
        else
            RowKernels.Scalar.LogSoftmax(new ReadOnlySpan<float>(scores, count), new Span<float>(logProbabilities, count), temperature);
    }
}
