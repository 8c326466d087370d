namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of one row and their sum, in one sweep. The shift is guessed from the first scores, which only need to be within about
/// 20 nats of the largest, and checked afterwards. If the guess was wrong, a sweep for the largest score and a second sweep follow. A row's
/// result depends only on the row, never on its neighbours.
/// </summary>
internal static unsafe class RowExponentials<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Sums the exponentials, and writes them if <typeparamref name="TWrite"/> says so, not in place; the row before may be finished
    /// alongside. Returns whether the scores are close to each other: see <see cref="NearSweep"/>. A caller who expects that is
    /// <paramref name="trusting"/>: the row's last scores, which may not have arrived from memory yet, are not checked before. The result
    /// is the same.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static bool Compute<TWrite, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, in PendingRow pending, out RowSum result, bool trusting = false)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside<TAlongside>
    {
        if (typeof(TLanes) == typeof(Lanes512) && Avx512F.IsSupported
            && NearSweep.TryGuess(scores, count, scale, out var exponent, trusting))
        {
            if (NearSweep.TryExponentials<TWrite, TAlongside>(scores, target, count, scale, exponent, pending, out result))
                return true;
            Exactly<TWrite>(scores, target, count, scale, out result);
            return false;
        }

        var guess = RowShift.For(RowSweep<TLanes>.Maximum(scores, Math.Min(count, 4 * TLanes.Count)), scale);
        if (!RowSweep<TLanes>.TryExponentials<TWrite, TAlongside>(scores, target, count, scale, guess, pending, out result))
            Exactly<TWrite>(scores, target, count, scale, out result);
        return false;
    }

    [MethodImpl(Hot.Kernel)]
    private static void Exactly<TWrite>(float* scores, float* target, int count, in ExponentScale scale, out RowSum result)
        where TWrite : struct, IChoice
    {
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        RowSweep<TLanes>.TryExponentials<TWrite, Nothing>(scores, target, count, scale, shift, default, out result);
    }
}

/// <summary>The sweeps over one row that the operations are made of.</summary>
internal static unsafe class RowSweep<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Long sums of floats lose precision: after 16 steps of four vectors, when all these bits are set, they are added to a double.
    /// </summary>
    private static int Block => 15 * 4 * TLanes.Count;

    /// <summary>The largest score; NaN, or any score, if one is NaN.</summary>
    [MethodImpl(Hot.Kernel)]
    public static float Maximum(float* scores, int count) => TLanes.MaxAcross(RowMaxima<TLanes>.Of(scores, count));

    /// <summary>
    /// Sums e of every score, and writes them if <typeparamref name="TWrite"/> says so; other work is done alongside. Returns false, with
    /// meaningless results, if a guessed shift does not suit the row: an exponential overflowed, or a significant one was lost.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static bool TryExponentials<TWrite, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, in RowShift shift, in PendingRow pending, out RowSum result)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var sum = shift.Offset == 0f
            ? Exponentials<TWrite, WithoutOffset, TAlongside>(scores, target, count, scale, 0f, shift.Power, pending, out var highest)
            : Exponentials<TWrite, WithOffset, TAlongside>(scores, target, count, scale, shift.Offset, shift.Power, pending, out highest);
        shift.Describe(sum, out result);
        return sum >= RowShift.SmallestSum
            && TLanes.GreaterThan(highest, TLanes.Create(TLanes.Rounder + RowShift.LargestPower)) == 0;
    }

    [MethodImpl(Hot.Kernel)]
    private static double Exponentials<TWrite, TOffset, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale,
        float offset, float power, in PendingRow pending, out TLanes highest)
        where TWrite : struct, IChoice
        where TOffset : struct, IChoice
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var terms = new Terms<TOffset>(scale, offset, power);
        var alongside = TAlongside.Create(pending, scores);
        var total = 0.0;
        var (lower, upper) = (TLanes.Create(0f), TLanes.Create(0f));
        var (a, b, c, d) = (lower, lower, lower, lower);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            var e0 = terms.Apply(TLanes.Load(scores + i), ref lower);
            var e1 = terms.Apply(TLanes.Load(scores + i + TLanes.Count), ref upper);
            var e2 = terms.Apply(TLanes.Load(scores + i + (2 * TLanes.Count)), ref lower);
            var e3 = terms.Apply(TLanes.Load(scores + i + (3 * TLanes.Count)), ref upper);
            if (TWrite.IsYes)
            {
                TLanes.Store(target + i, e0);
                TLanes.Store(target + i + TLanes.Count, e1);
                TLanes.Store(target + i + (2 * TLanes.Count), e2);
                TLanes.Store(target + i + (3 * TLanes.Count), e3);
            }

            // Alternating, so that none is added to often: rounding in the same direction each time would accumulate.
            (a, b, c, d) = (b, c, d, a + ((e0 + e1) + (e2 + e3)));
            alongside.Step(i);
            if ((i & Block) == Block)
            {
                total += TLanes.SumInDouble(a + b) + TLanes.SumInDouble(c + d);
                a = b = c = d = TLanes.Create(0f);
            }
        }

        alongside.Rest(i);
        for (; i <= count - TLanes.Count; i += TLanes.Count)
        {
            var e = terms.Apply(TLanes.Load(scores + i), ref lower);
            if (TWrite.IsYes)
                TLanes.Store(target + i, e);
            (a, b) = (b + e, a);
        }

        if (i < count)
        {
            var e = terms.Apply(TLanes.LoadPartial(scores + i, count - i, TLanes.Create(float.NegativeInfinity)), ref upper);
            if (TWrite.IsYes)
                TLanes.StorePartial(target + i, count - i, e);
            c += e;
        }

        highest = TLanes.Max(lower, upper);
        return total + TLanes.SumInDouble(a + b) + TLanes.SumInDouble(c + d);
    }

    [method: MethodImpl(Hot.Inline)]
    private readonly struct Terms<TOffset>(in ExponentScale scale, float offset, float power)
        where TOffset : struct, IChoice
    {
        private readonly TLanes offset = TLanes.Create(offset);
        private readonly TLanes floor = TLanes.Create(scale.Floor(power));
        private readonly TLanes high = TLanes.Create(scale.High);
        private readonly TLanes low = TLanes.Create(scale.Low);
        private readonly TLanes rounder = TLanes.Create(TLanes.Rounder + power);

        /// <summary>e of each score, and the largest exponent so far, as the rounder leaves it.</summary>
        [MethodImpl(Hot.Inline)]
        public TLanes Apply(TLanes score, ref TLanes highest)
        {
            if (TOffset.IsYes)
                score -= offset;
            var rest = Exponential<TLanes>.Reduce(TLanes.Max(floor, score), high, low, rounder, out var rounded);
            highest = TLanes.Max(highest, rounded);
            return TLanes.Combine(rounded, rest);
        }
    }
}
