using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of one row: exponentials stored with their sum, then one scaling sweep while they are in cache.</summary>
internal static unsafe class SoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // Of floats, 16 KB.
    private const int MostOnStack = 4_096;

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

    [MethodImpl(Hot.Kernel)]
    private static void WriteLong(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum sum)
    {
        if (scores == probabilities)
        {
            WriteInPlace(scores, count, scale, out sum);
            return;
        }

        RowExponentials<TLanes>.Compute<Yes, Nothing>(scores, probabilities, count, scale, default, out sum);
        RowSweep<TLanes>.Apply(probabilities, probabilities, count, new Scaling<TLanes>(sum.Value));
    }

    /// <summary>The exponentials go elsewhere first: a row may have to be swept over twice.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static void WriteInPlace(float* row, int count, in ExponentScale scale, out RowSum sum)
    {
        var onStack = stackalloc float[MostOnStack];
        var exponentials = count <= MostOnStack ? onStack : (float*)NativeMemory.Alloc((nuint)count, sizeof(float));
        RowExponentials<TLanes>.Compute<Yes, Nothing>(row, exponentials, count, scale, default, out sum);
        RowSweep<TLanes>.Apply(exponentials, row, count, new Scaling<TLanes>(sum.Value));
        if (exponentials != onStack)
            NativeMemory.Free(exponentials);
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

/// <summary>
/// The log-softmax of one row: z / T - logsumexp, both kept as a high and a low float, so that a small difference of large numbers
/// loses nothing. Rounding never takes it above 0.
/// </summary>
internal static unsafe class LogSoftmaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Beyond it the difference of two scores may overflow.</summary>
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
            RowSweep<TLanes>.Apply(scores, logProbabilities, count, Subtraction<TLanes>.Create(sum));
        else if (Math.Abs(sum.Offset) < LargestMaximum)
            RowSweep<TLanes>.Apply(scores, logProbabilities, count, new ScaledSubtraction<TLanes>(sum, temperature, scale.Lowest));
        else
            DoublePrecisionRow.LogSoftmax(new ReadOnlySpan<float>(scores, count), new Span<float>(logProbabilities, count), temperature);
    }
}

/// <summary>Log-softmax at temperature 1: z - logsumexp, in two floats. Where a row has an offset, that is the high one.</summary>
internal readonly struct Subtraction<TLanes>(float high, double low) : IRowFinish<Subtraction<TLanes>, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly float high = high;
    private readonly float low = (float)low;

    public static Subtraction<TLanes> Create(in RowSum sum)
    {
        var rest = Math.Log(sum.Value) - sum.Excess;
        return sum.Offset != 0f ? new(sum.Offset, rest) : new((float)rest, rest - (float)rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply(TLanes value) => TLanes.Min(TLanes.Create(0f), (value - TLanes.Create(high)) - TLanes.Create(low));
}

/// <summary>Log-softmax at any temperature of a row that is not too extreme: (z - offset) / T - logsumexp.</summary>
internal readonly struct ScaledSubtraction<TLanes> : IFinish<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private readonly TLanes offset;
    private readonly TLanes inverseHigh;
    private readonly TLanes inverseLow;
    private readonly TLanes minusHigh;
    private readonly TLanes minusLow;
    private readonly TLanes lowest;

    public ScaledSubtraction(in RowSum sum, float temperature, float lowest)
    {
        var logSumExp = Math.Log(sum.Value) - sum.Excess;
        var inverse = new Reciprocal(temperature);
        offset = TLanes.Create(sum.Offset);
        inverseHigh = TLanes.Create(inverse.High);
        inverseLow = TLanes.Create(inverse.Low);
        minusHigh = TLanes.Create(-(float)logSumExp);
        minusLow = TLanes.Create((float)((float)logSumExp - logSumExp));
        this.lowest = TLanes.Create(lowest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Apply(TLanes value)
    {
        var z = value - offset;
        return TLanes.Min(TLanes.Create(0f),
            TLanes.MultiplyAdd(z, inverseHigh, minusHigh) + TLanes.MultiplyAdd(TLanes.Max(lowest, z), inverseLow, minusLow));
    }
}
