namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>A row that fits in a few vectors, read once and kept in registers until its probabilities are written.</summary>
/// <remarks>
/// In rows of usual magnitude, only the last step of the exponential waits for the maximum. Therefore a branch, predicted long before the
/// maximum is known, distinguishes the two cases, not arithmetic.
/// </remarks>
internal static unsafe class RegisterRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>The longest row.</summary>
    public static int Capacity => 4 * TLanes.Count;

    /// <summary>
    /// Sums a row of 1 to <see cref="Capacity"/> scores, and writes the
    /// probabilities if <typeparamref name="TWrite"/> says so; may be in place.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static void Compute<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        if (count <= TLanes.Count)
            OneOrTwo<TWrite, OneVector>(scores, probabilities, count, scale, out result);
        else if (count <= 2 * TLanes.Count)
            OneOrTwo<TWrite, TwoVectors>(scores, probabilities, count, scale, out result);
        else
            Four<TWrite>(scores, probabilities, count, scale, out result);
    }

    [MethodImpl(Hot.Kernel)]
    private static void OneOrTwo<TWrite, TTwo>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
        where TTwo : struct, IChoice
    {
        // The last vector may not be full.
        var before = TTwo.IsYes ? TLanes.Count : 0;
        var a = TTwo.IsYes ? TLanes.Load(scores) : default;
        var b = TLanes.LoadPartial(scores + before, count - before, TLanes.Create(float.NegativeInfinity));
        var shift = RowShift.For(TLanes.MaxAcross(TTwo.IsYes ? TLanes.Max(a, b) : b), scale);
        if (shift.Offset != 0f)
            (a, b) = (a - TLanes.Create(shift.Offset), b - TLanes.Create(shift.Offset));
        a = TTwo.IsYes ? Exponentiate(a, scale, shift) : a;
        b = Exponentiate(b, scale, shift);
        var sum = TLanes.Sum(TTwo.IsYes ? a + b : b);
        if (TWrite.IsYes)
        {
            var divisor = TLanes.Create(sum);
            if (TTwo.IsYes)
                TLanes.Store(probabilities, a / divisor);
            TLanes.StorePartial(probabilities + before, count - before, b / divisor);
        }

        shift.Describe(sum, out result);
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
        var sum = TLanes.SumInDouble((a + b) + (c + d));
        if (TWrite.IsYes)
        {
            var factor = TLanes.Create((float)(1.0 / sum));
            TLanes.Store(probabilities, a * factor);
            TLanes.Store(probabilities + TLanes.Count, b * factor);
            TLanes.StorePartial(probabilities + (2 * TLanes.Count), third, c * factor);
            TLanes.StorePartial(probabilities + (3 * TLanes.Count), fourth, d * factor);
        }

        shift.Describe(sum, out result);
    }

    [MethodImpl(Hot.Inline)]
    private static TLanes Exponentiate(TLanes scores, in ExponentScale scale, in RowShift shift)
        => Exponential<TLanes>.Scaled(
            TLanes.Max(TLanes.Create(scale.Lowest), scores),
            TLanes.Create(scale.High),
            TLanes.Create(scale.Low),
            TLanes.Create(shift.Power));
}

/// <summary>A row of up to 16 vectors, which stays in the first-level cache.</summary>
/// <remarks>
/// It is shifted by its first score, lowered so far that this suits any row whose largest score is at most 80 ln 2 T = 55 T above the
/// first: nothing waits for the maximum. That takes 49 ns at 100 classes; finding a shift first takes 62 (Zen 4).
/// </remarks>
internal static unsafe class ShortRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // The exponent of 2 of the first score, and the highest allowed exponent: 256 times as much is still a float.
    private const float PowerOfFirst = 28f, LargestPower = 116f;

    public static bool Takes(int count) => count > 0 && count <= 16 * TLanes.Count;

    /// <summary>
    /// Sums the exponentials, and writes the probabilities if <typeparamref name="TWrite"/> says so; may be in place. Returns false without
    /// writing anything if the shift does not suit the row.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    public static bool TryWrite<TWrite>(float* scores, float* probabilities, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var shift = RowShift.For(*scores, scale);
        var power = shift.Power - (RowShift.Top - PowerOfFirst);
        if (shift.Offset != 0f)
        {
            result = default;
            return false;
        }

        var room = stackalloc byte[17 * sizeof(TLanes)];
        var exponentials = (float*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var (floor, rounder) = (TLanes.Create(scale.Floor(power)), TLanes.Create(TLanes.Rounder + power));
        var (high, low) = (TLanes.Create(scale.High), TLanes.Create(scale.Low));
        var last = (count - 1) & -TLanes.Count;
        var z = TLanes.LoadPartial(scores + last, count - last, TLanes.Create(float.NegativeInfinity));
        var rest = Exponential<TLanes>.Reduce(TLanes.Max(floor, z), high, low, rounder, out var highest);
        var lastOnes = TLanes.Combine(highest, rest);

        // Four sums in turn: rounding in the same direction each time would accumulate.
        var (a, b, c, d) = (lastOnes, TLanes.Create(0f), TLanes.Create(0f), TLanes.Create(0f));
        for (var i = 0; i < last; i += TLanes.Count)
        {
            rest = Exponential<TLanes>.Reduce(TLanes.Max(floor, TLanes.Load(scores + i)), high, low, rounder, out var rounded);
            highest = TLanes.Max(highest, rounded);
            var value = TLanes.Combine(rounded, rest);
            if (TWrite.IsYes)
                TLanes.Store(exponentials + i, value);
            (a, b, c, d) = (b, c, d, a + value);
        }

        var total = (TLanes.SumInDouble(a) + TLanes.SumInDouble(b)) + (TLanes.SumInDouble(c) + TLanes.SumInDouble(d));
        new RowShift(0f, power).Describe(total, out result);
        if (!(result.Value >= RowShift.SmallestSum) || TLanes.GreaterThan(highest, TLanes.Create(TLanes.Rounder + LargestPower)) != 0)
            return false;
        if (!TWrite.IsYes)
            return true;
        var factor = TLanes.Create((float)(1.0 / result.Value));
        for (var i = 0; i < last; i += TLanes.Count)
            TLanes.Store(probabilities + i, TLanes.Load(exponentials + i) * factor);
        TLanes.StorePartial(probabilities + last, count - last, lastOnes * factor);
        return true;
    }
}
