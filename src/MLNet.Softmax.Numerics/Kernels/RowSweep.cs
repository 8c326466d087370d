using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The sweeps over one row that the operations are made of.</summary>
internal static unsafe class RowSweep<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    // Sums of floats lose digits with their length: after so many steps of four vectors they go to a double.
    private const int StepsPerBlock = 16;

    /// <summary>The largest score; NaN, or some score, where one is NaN.</summary>
    [MethodImpl(Hot.Loop)]
    public static float Maximum(float* scores, int count)
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        var (a, b, c, d) = (lowest, lowest, lowest, lowest);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            a = TLanes.Max(a, TLanes.Load(scores + i));
            b = TLanes.Max(b, TLanes.Load(scores + i + TLanes.Count));
            c = TLanes.Max(c, TLanes.Load(scores + i + (2 * TLanes.Count)));
            d = TLanes.Max(d, TLanes.Load(scores + i + (3 * TLanes.Count)));
        }

        for (; i <= count - TLanes.Count; i += TLanes.Count)
            a = TLanes.Max(a, TLanes.Load(scores + i));
        if (i < count)
            b = TLanes.Max(b, TLanes.LoadPartial(scores + i, count - i, lowest));
        return TLanes.MaxAcross(TLanes.Max(TLanes.Max(a, b), TLanes.Max(c, d)));
    }

    /// <summary>Writes e for every score, unless <typeparamref name="TWrite"/> says not to, and returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Exponentials<TWrite>(float* scores, float* target, int count, in ExponentScale scale, RowShift shift)
        where TWrite : struct, IChoice
    {
        var nothing = default(Nothing);
        return Exponentials<TWrite, Nothing>(scores, target, count, scale, shift, ref nothing);
    }

    /// <summary>The same, with other work done alongside.</summary>
    [MethodImpl(Hot.Loop)]
    public static double Exponentials<TWrite, TAlongside>(float* scores, float* target, int count, in ExponentScale scale, RowShift shift, ref TAlongside alongside)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside
    {
        var other = alongside;
        var high = TLanes.Create(scale.High);
        var low = TLanes.Create(scale.Low);
        var floor = TLanes.Create(scale.Lowest);
        var offset = TLanes.Create(shift.Offset);
        var power = TLanes.Create(shift.Power);
        var total = 0.0;
        var i = 0;
        while (i <= count - (4 * TLanes.Count))
        {
            var (a, b, c, d) = (TLanes.Create(0f), TLanes.Create(0f), TLanes.Create(0f), TLanes.Create(0f));
            var end = Math.Min(count - (4 * TLanes.Count), i + ((StepsPerBlock - 1) * 4 * TLanes.Count));
            for (; i <= end; i += 4 * TLanes.Count)
            {
                var e0 = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i) - offset), high, low, power);
                var e1 = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i + TLanes.Count) - offset), high, low, power);
                var e2 = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i + (2 * TLanes.Count)) - offset), high, low, power);
                var e3 = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i + (3 * TLanes.Count)) - offset), high, low, power);
                if (TWrite.IsYes)
                {
                    TLanes.Store(target + i, e0);
                    TLanes.Store(target + i + TLanes.Count, e1);
                    TLanes.Store(target + i + (2 * TLanes.Count), e2);
                    TLanes.Store(target + i + (3 * TLanes.Count), e3);
                }

                (a, b, c, d) = (a + e0, b + e1, c + e2, d + e3);
                other.Step();
            }

            total += TLanes.Sum((a + b) + (c + d));
        }

        alongside = other;
        if (i < count)
        {
            var sum = TLanes.Create(0f);
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                var e = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.Load(scores + i) - offset), high, low, power);
                if (TWrite.IsYes)
                    TLanes.Store(target + i, e);
                sum += e;
            }

            if (i < count)
            {
                var e = Exponential<TLanes>.Scaled(TLanes.Max(floor, TLanes.LoadPartial(scores + i, count - i, TLanes.Create(float.NegativeInfinity)) - offset), high, low, power);
                if (TWrite.IsYes)
                    TLanes.StorePartial(target + i, count - i, e);
                sum += e;
            }

            total += TLanes.Sum(sum);
        }

        return total;
    }

    /// <summary>Multiplies every value.</summary>
    [MethodImpl(Hot.Loop)]
    public static void Multiply(float* values, float* target, int count, float factor)
    {
        var by = TLanes.Create(factor);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            TLanes.Store(target + i, TLanes.Load(values + i) * by);
            TLanes.Store(target + i + TLanes.Count, TLanes.Load(values + i + TLanes.Count) * by);
            TLanes.Store(target + i + (2 * TLanes.Count), TLanes.Load(values + i + (2 * TLanes.Count)) * by);
            TLanes.Store(target + i + (3 * TLanes.Count), TLanes.Load(values + i + (3 * TLanes.Count)) * by);
        }

        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(target + i, TLanes.Load(values + i) * by);
        if (i < count)
            TLanes.StorePartial(target + i, count - i, TLanes.LoadPartial(values + i, count - i, by) * by);
    }
}

/// <summary>Yes or no, known to the compiler.</summary>
internal interface IChoice
{
    static abstract bool IsYes { get; }
}

internal readonly struct Yes : IChoice
{
    public static bool IsYes => true;
}

internal readonly struct No : IChoice
{
    public static bool IsYes => false;
}
