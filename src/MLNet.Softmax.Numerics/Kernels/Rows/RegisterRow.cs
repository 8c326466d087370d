using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A row that fits in a few vectors, read once and held in registers until its probabilities are written.</summary>
/// <remarks>
/// In rows of usual magnitude nothing but the last step of the exponential waits for the maximum, which is why the two cases are told apart
/// by a branch, predicted long before the maximum is known, and not by arithmetic.
/// </remarks>
internal static unsafe class RegisterRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const int LoweredGuess = 36;

    /// <summary>The longest row.</summary>
    public static int Capacity
    {
        [MethodImpl(Inline)]
        get => 4 * TLanes.Count;
    }

    /// <summary>
    /// Sums a row of 1 to <see cref="Capacity"/> scores, and writes the
    /// probabilities if <typeparamref name="TWrite"/> says so; may be in place.
    /// </summary>
    [MethodImpl(Inline)]
    public static void Compute<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        if (count <= TLanes.Count)
            One<TWrite>(scores, probabilities, count, scale, out result);
        else if (count <= 2 * TLanes.Count)
            Two<TWrite>(scores, probabilities, count, scale, out result);
        else
            Four<TWrite>(scores, probabilities, count, scale, out result);
    }

    [MethodImpl(Hot.Kernel)]
    private static void One<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var a = TLanes.LoadPartial(scores, count, TLanes.Create(float.NegativeInfinity));
        var shift = RowShift.For(TLanes.MaxAcross(a), scale);
        if (shift.Offset != 0f)
            a -= TLanes.Create(shift.Offset);
        a = Exponentiate(a, scale, shift);
        var sum = TLanes.Sum(a);
        if (TWrite.IsYes)
            TLanes.StorePartial(probabilities, count, a / TLanes.Create(sum));
        result.Value = sum;
        result.Excess = LogNormalizer.Excess(shift.Power);
        result.Offset = shift.Offset;
    }

    [MethodImpl(Hot.Kernel)]
    private static void Two<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var a = TLanes.Load(scores);
        var b = TLanes.LoadPartial(scores + TLanes.Count, count - TLanes.Count, TLanes.Create(float.NegativeInfinity));
        var shift = RowShift.For(TLanes.MaxAcross(TLanes.Max(a, b)), scale);
        if (shift.Offset != 0f)
        {
            a -= TLanes.Create(shift.Offset);
            b -= TLanes.Create(shift.Offset);
        }

        a = Exponentiate(a, scale, shift);
        b = Exponentiate(b, scale, shift);
        var sum = TLanes.Sum(a + b);
        if (TWrite.IsYes)
        {
            var divisor = TLanes.Create(sum);
            TLanes.Store(probabilities, a / divisor);
            TLanes.StorePartial(probabilities + TLanes.Count, count - TLanes.Count, b / divisor);
        }

        result.Value = sum;
        result.Excess = LogNormalizer.Excess(shift.Power);
        result.Offset = shift.Offset;
    }

    [MethodImpl(Hot.Kernel)]
    private static void Four<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        var third = Math.Min(count - (2 * TLanes.Count), TLanes.Count);
        var fourth = Math.Max(count - (3 * TLanes.Count), 0);
        var a = TLanes.Load(scores);
        var b = TLanes.Load(scores + TLanes.Count);
        var c = TLanes.LoadPartial(scores + (2 * TLanes.Count), third, lowest);
        var d = TLanes.LoadPartial(scores + (3 * TLanes.Count), fourth, lowest);
        var shift = RowShift.For(TLanes.MaxAcross(TLanes.Max(TLanes.Max(a, b), TLanes.Max(c, d))), scale);
        if (shift.Offset != 0f)
        {
            var offset = TLanes.Create(shift.Offset);
            (a, b, c, d) = (a - offset, b - offset, c - offset, d - offset);
        }

        a = Exponentiate(a, scale, shift);
        b = Exponentiate(b, scale, shift);
        c = Exponentiate(c, scale, shift);
        d = Exponentiate(d, scale, shift);
        var sum = TLanes.Sum((a + b) + (c + d));
        if (TWrite.IsYes)
        {
            var factor = TLanes.Create(1f / sum);
            TLanes.Store(probabilities, a * factor);
            TLanes.Store(probabilities + TLanes.Count, b * factor);
            TLanes.StorePartial(probabilities + (2 * TLanes.Count), third, c * factor);
            TLanes.StorePartial(probabilities + (3 * TLanes.Count), fourth, d * factor);
        }

        result.Value = sum;
        result.Excess = LogNormalizer.Excess(shift.Power);
        result.Offset = shift.Offset;
    }

    /// <summary>
    /// Sums a row of up to 16 vectors, the last of which may be part of one, and writes the probabilities if
    /// <typeparamref name="TWrite"/> says so; may be in place.
    /// </summary>
    /// <remarks>
    /// Shifted by its first score, which suits every row whose largest is at most some 20 nats above, nothing waits for the maximum.
    /// </remarks>
    [MethodImpl(Inline)]
    public static void Sixteen<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var guess = RowShift.For(*scores, scale);
        if (guess.Offset != 0f || !TrySixteen<TWrite>(scores, probabilities, count, scale, guess.Power - LoweredGuess, out result))
            SixteenExactly<TWrite>(scores, probabilities, count, scale, out result);
    }

    [MethodImpl(Hot.Kernel)]
    private static void SixteenExactly<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        if (shift.Offset == 0f && TrySixteen<TWrite>(scores, probabilities, count, scale, shift.Power - LoweredGuess, out result))
            return;
        var exponentials = stackalloc float[16 * TLanes.Count];
        RowExponentials<TLanes>.Compute<TWrite, Nothing>(scores, exponentials, count, scale, default, out result);
        if (TWrite.IsYes)
            RowSweep<TLanes>.Apply(exponentials, probabilities, count, new Scaling<TLanes>(result.Value));
    }

    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static bool TrySixteen<TWrite>(
        float* scores, float* probabilities, int count, in ExponentScale scale, float power, out RowSum result)
        where TWrite : struct, IChoice
    {
        var room = stackalloc byte[17 * sizeof(TLanes)];
        var exponentials = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var (floor, rounder) = (TLanes.Create(scale.Floor(power)), TLanes.Create(TLanes.Rounder + power));
        var (high, low) = (TLanes.Create(scale.High), TLanes.Create(scale.Low));
        var last = (count - 1) & -TLanes.Count;
        var z = TLanes.LoadPartial(scores + last, count - last, TLanes.Create(float.NegativeInfinity));
        var r = Exponential<TLanes>.Reduce(TLanes.Max(floor, z), high, low, rounder, out var highest);
        var rest = TLanes.Combine(highest, r);
        var (a, b) = (rest, TLanes.Create(0f));
        for (var i = 0; i < last; i += TLanes.Count)
        {
            r = Exponential<TLanes>.Reduce(TLanes.Max(floor, TLanes.Load(scores + i)), high, low, rounder, out var rounded);
            highest = TLanes.Max(highest, rounded);
            var value = TLanes.Combine(rounded, r);
            if (TWrite.IsYes)
                TLanes.Store(exponentials + i, value);
            (a, b) = (b, a + value);
        }

        result.Value = TLanes.SumInDouble(a + b);
        result.Excess = LogNormalizer.Excess(power);
        result.Offset = 0f;
        if (!(result.Value >= RowShift.SmallestSum)
            || TLanes.GreaterThan(highest, TLanes.Create(TLanes.Rounder + 116f)) != 0)
            return false;
        if (!TWrite.IsYes)
            return true;
        var factor = TLanes.Create((float)(1.0 / result.Value));
        for (var i = 0; i < last; i += TLanes.Count)
            TLanes.Store(probabilities + i, TLanes.Load(exponentials + i) * factor);
        TLanes.StorePartial(probabilities + last, count - last, rest * factor);
        return true;
    }

    [MethodImpl(Inline)]
    private static TLanes Exponentiate(TLanes scores, in ExponentScale scale, in RowShift shift)
        => Exponential<TLanes>.Scaled(
            TLanes.Max(TLanes.Create(scale.Lowest), scores),
            TLanes.Create(scale.High),
            TLanes.Create(scale.Low),
            TLanes.Create(shift.Power));
}
