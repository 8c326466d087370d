namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of a row whose scores are close to each other, as in most rows: at most about 55 nats below the largest of the first
/// 64, and 33 above. Other rows need a floor for the lowest scores and a check of the highest. Here one operation replaces both, and shows
/// afterwards whether the row qualified. A row that does not qualify, but seems to by its first and last 64 scores, costs two sweeps. Needs
/// AVX-512.
/// </summary>
internal static unsafe class NearSweep
{
    /// <summary>The number of scores per step.</summary>
    public const int Step = 4 * 16;

    // Long sums of floats lose precision: after 16 steps, when all these bits are set, they are added to doubles.
    private const int Block = 15 * Step;

    // The longer a row, the farther apart its scores can be and still contribute together, and the larger the error of one float for ln 2.
    // A sum alone hardly depends on scores far away.
    private const int LongestAtOne = 2_048;

    /// <summary>The exponent that the largest of the first scores gets.</summary>
    private const int Top = 80;

    // Work done alongside starts this much later: it needs the sum of the row before, which takes a while to compute.
    private const int Delay = 2 * Step;

    /// <summary>
    /// Finds the exponent of the largest of the first scores. Returns false if these are too far apart, too far from 0 or not finite, or if
    /// the last scores, unless they are trusted, are too low: unused classes are mostly masked at the end of a row.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static bool TryGuess(float* scores, int count, in ExponentScale scale, out float exponent, bool trusting = false)
    {
        exponent = 0f;
        if (count < Step)
            return false;
        var first = FourVectors.Load(scores);
        var largest = Lanes512.MaxAcross(new(Avx512F.Max(Avx512F.Max(first.A, first.B), Avx512F.Max(first.C, first.D))));
        exponent = MathF.Round(largest * scale.High);
        var lowest = Lowest(first);
        if (!trusting)
            lowest = Avx512F.Min(lowest, Lowest(FourVectors.Load(scores + count - Step)));
        return MathF.Abs(largest) <= scale.FarthestUnshifted
            && Vector512.GreaterThanOrEqualAll(lowest, Vector512.Create((exponent - Top) / scale.High))
            && !NearExponent.HasBlindSpot(scale, Top - exponent);
    }

    /// <summary>
    /// Sums the exponentials, shifted by the guess, and writes them if <typeparamref name="TWrite"/> says so. Returns false, with
    /// meaningless results, if the row does not qualify. The row has at least <see cref="Step"/> scores.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static bool TryExponentials<TWrite, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, float exponent, in PendingRow pending, out RowSum result)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var power = Top - exponent;
        var isAtOne = scale.IsOne && (!TWrite.IsYes || count <= LongestAtOne);
        var sum = isAtOne
            ? Exponentials<TWrite, AtOne, TAlongside>(scores, target, count, scale, power, pending)
            : Exponentials<TWrite, AtAnyTemperature, TAlongside>(scores, target, count, scale, power, pending);
        result.Value = sum;
        result.Excess = LogNormalizer.Excess(power - NearExponent.Lowered) + Lanes512.Excess
            + (isAtOne ? exponent * NaturalLogarithmOfTwo.Low : 0.0);
        result.Offset = 0f;
        return !double.IsNaN(sum);
    }

    /// <summary>The sum; NaN where an exponent did not fit.</summary>
    [MethodImpl(Hot.Kernel)]
    private static double Exponentials<TWrite, TAtOne, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, float power, in PendingRow pending)
        where TWrite : struct, IChoice
        where TAtOne : struct, IChoice
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var terms = new NearTerms<TAtOne>(scale, power);
        var alongside = TAlongside.Create(pending, scores);
        var total = Vector512<double>.Zero;
        var bits = Vector512<int>.Zero;
        var (sa, sb, sc, sd) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var i = 0;
        for (; i <= count - Step; i += Step)
        {
            var values = FourVectors.Load(scores + i);
            if (i >= Delay)
                alongside.Step(i - Delay);
            values = terms.Apply(values, ref bits);
            if (TWrite.IsYes)
                values.Store(target + i);

            // Alternating, so that none is added to often: rounding in the same direction each time would accumulate.
            (sa, sb, sc, sd) = (sb, sc, sd, sa + values.Sum);
            if ((i & Block) == Block)
            {
                total += (Lanes512.ToDouble(sa) + Lanes512.ToDouble(sb)) + (Lanes512.ToDouble(sc) + Lanes512.ToDouble(sd));
                sa = sb = sc = sd = Vector512<float>.Zero;
            }
        }

        for (; i <= count - 16; i += 16)
        {
            var value = terms.Apply(Vector512.Load(scores + i), ref bits);
            if (TWrite.IsYes)
                value.Store(target + i);
            (sa, sb) = (sb + value, sa);
        }

        if (i < count)
        {
            // The other lanes get other scores of the row, which change nothing.
            var kept = Lanes512.FirstLanes(count - i);
            var value = terms.Apply(Avx512F.MaskLoad(scores + i, kept, Vector512.Load(scores + i - 16)), ref bits);
            if (TWrite.IsYes)
                Avx512F.MaskStore(target + i, kept, value);
            sc += value & kept;
        }

        total += (Lanes512.ToDouble(sa) + Lanes512.ToDouble(sb)) + (Lanes512.ToDouble(sc) + Lanes512.ToDouble(sd));

        // Off the critical path: no later instruction depends on this result.
        alongside.Rest(Math.Max(0, (count & -Step) - Delay));
        return NearExponent.Fits(bits) ? Lanes512.Sum(total) : double.NaN;
    }

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> Lowest(in FourVectors scores)
        => Avx512F.Min(Avx512F.Min(scores.A, scores.B), Avx512F.Min(scores.C, scores.D));
}

/// <summary>The unit of the exponents of <see cref="NearTerms{TAtOne}"/>, and the test for an exponent out of range.</summary>
internal static class NearExponent
{
    /// <summary>
    /// Sixteenths of exponents are the lowest bits of a float from 2 on, in which only one other bit is set. Anything out of range sets
    /// another bit, except a sum of exactly 0.
    /// </summary>
    public const float Unit = 1f / (1 << 18);

    /// <summary>
    /// Exponentials are lower by this power of 2 than their exponents (0 to below 128) say, so that no sum overflows.
    /// </summary>
    public const int Lowered = 64;

    // The bit that makes a float 2, and exponents from 0 to below 128 in steps of 1/16.
    private const int BitsWithinReach = (1 << 30) | ((128 * 16) - 1);

    /// <summary>The number that rounds the exponents of 2^<paramref name="power"/> when it is added to them, in units.</summary>
    public static float Rounder(float power) => 2f + (power * Unit);

    /// <summary>Whether there is a score that sums to exactly 0, and would wrongly count as within range.</summary>
    [MethodImpl(Hot.Inline)]
    public static bool HasBlindSpot(in ExponentScale scale, float power)
    {
        var (high, rounder) = (scale.High * Unit, Rounder(power));
        return MathF.FusedMultiplyAdd(-rounder / high, high, rounder) == 0f;
    }

    /// <summary>Whether all exponents were within range.</summary>
    [MethodImpl(Hot.Inline)]
    public static bool Fits(Vector512<int> bits) => Vector512.EqualsAll(bits & Vector512.Create(~BitsWithinReach), Vector512<int>.Zero);
}

/// <summary>exp(z / T) 2^p for scores whose exponents are all within range; form 3 of <see cref="Exponential{TLanes}"/>.</summary>
/// <typeparam name="TAtOne">
/// Saves one multiplication: the rest of the argument is z - n ln 2 with ln 2 as one float, which is too large by a relative 2.8e-9. This
/// error is the same for a whole row, except for a relative 2.8e-9 per nat between two scores, and so 1.5e-7 for the farthest. The sum's
/// logarithm is corrected by the exponent that the row was shifted by.
/// </typeparam>
[method: MethodImpl(Hot.Inline)]
internal readonly struct NearTerms<TAtOne>(in ExponentScale scale, float power)
    where TAtOne : struct, IChoice
{
    private readonly Vector512<float> high = Vector512.Create(scale.High * NearExponent.Unit);
    private readonly Vector512<float> low = Vector512.Create(
        TAtOne.IsYes ? NaturalLogarithmOfTwo.High / NearExponent.Unit : scale.Low * NearExponent.Unit);

    private readonly Vector512<float> rounder = Vector512.Create(NearExponent.Rounder(power));
    private readonly Vector512<float> linear = Vector512.Create(scale.Linear * RestUnit(scale));
    private readonly Vector512<float> square = Vector512.Create(scale.Square * (RestUnit(scale) * RestUnit(scale)));
    private readonly Vector512<float> cubic = Vector512.Create(scale.Cubic * (RestUnit(scale) * RestUnit(scale) * RestUnit(scale)));

    /// <summary>The bits of <see cref="Lanes512.Sixteenths"/>, lowered, less i where the sum with x, shifted, puts it.</summary>
    private static Vector512<int> Steps
    {
        [MethodImpl(Hot.Inline)]
        get => Lanes512.Sixteenths.AsInt32() - (Vector512<int>.Indices << Lanes512.StepsToExponent)
            - Vector512.Create(NearExponent.Lowered << 23);
    }

    /// <summary>
    /// The exponentials of scores; collects the bits of their exponents: see <see cref="NearExponent.Fits"/>.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public FourVectors Apply(in FourVectors scores, ref Vector512<int> bits)
    {
        var rounded = FourVectors.MultiplyAdd(scores, high, rounder);
        var rest = TAtOne.IsYes
            ? FourVectors.SubtractProduct(scores, rounded - rounder, low)
            : FourVectors.Rest(scores, high, low, rounded - rounder);
        bits |= rounded.Bits;
        return FourVectors.Combine(FourVectors.Power(Steps, rounded), rest, linear, square, cubic);
    }

    /// <summary>The same for one vector.</summary>
    [MethodImpl(Hot.Inline)]
    public Vector512<float> Apply(Vector512<float> score, ref Vector512<int> bits)
    {
        var rounded = Vector512.FusedMultiplyAdd(score, high, rounder);
        var rest = TAtOne.IsYes
            ? Avx512F.FusedMultiplyAddNegated(rounded - rounder, low, score)
            : Vector512.FusedMultiplyAdd(score, low, Avx512F.FusedMultiplySubtract(score, high, rounded - rounder));
        bits |= rounded.AsInt32();
        return Lanes512.Combine(Lanes512.Power(Steps, rounded), rest, linear, square, cubic);
    }

    // At temperature 1 the rest is in nats, otherwise in units; the coefficients are those of 2^r.
    [MethodImpl(Hot.Inline)] private static float RestUnit(in ExponentScale scale) => TAtOne.IsYes ? scale.High : 1f / NearExponent.Unit;
}
