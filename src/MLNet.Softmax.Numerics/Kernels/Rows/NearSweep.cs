using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of a row whose scores lie near each other, as those of most rows do: at most some 55
/// nats below the largest of the first 64, and 33 above. What other rows need, a floor for the lowest scores
/// and a watch on the highest, is here one operation, which tells afterwards whether the row was such a one;
/// one that is not, but looks it by its first and last 64 scores, costs two sweeps. Needs AVX-512.
/// </summary>
internal static unsafe class NearSweep
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>How many scores go together.</summary>
    public const int Step = 4 * 16;

    // Sums of floats lose digits with their length: after 16 steps, where all these bits are set, they go to doubles.
    private const int Block = 15 * Step;

    // The longer a row, the farther apart scores can be of which many together still count, and the more one float for ln 2 is off. A sum
    // alone is hardly made of scores far away.
    private const int LongestAtOne = 2_048;

    /// <summary>The exponent that the largest of the first scores gets.</summary>
    private const int Top = 80;

    // Work done alongside comes so much later: it needs the sum of the row before, and that takes a while to add up.
    private const int Delay = 2 * Step;

    /// <summary>
    /// Finds the exponent of the largest of the first scores; false where these are too far apart already, too far from 0, or not finite,
    /// or where the last ones, unless they are trusted, are too low: it is there that classes which do not count are masked, most of all.
    /// </summary>
    [MethodImpl(Inline)]
    public static bool TryGuess(float* scores, int count, in ExponentScale scale, out float exponent, bool trusting = false)
    {
        exponent = 0f;
        if (count < Step)
            return false;
        var largest = Lanes512.MaxAcross(new(Highest(scores)));
        exponent = MathF.Round(largest * scale.High);
        var lowest = Lowest(scores);
        if (!trusting)
            lowest = Avx512F.Min(lowest, Lowest(scores + count - Step));
        return MathF.Abs(largest) <= scale.FarthestUnshifted
            && Vector512.GreaterThanOrEqualAll(lowest, Vector512.Create((exponent - Top) / scale.High))
            && !NearTerms.HasBlindSpot(scale, Top - exponent);
    }

    /// <summary>
    /// Sums the exponentials, and writes them if <typeparamref name="TWrite"/> says so, shifted by the guess; false, and all meaningless,
    /// where the row is not such a one.
    /// </summary>
    /// <param name="scores">The row.</param>
    /// <param name="target">Where to write.</param>
    /// <param name="count">How many scores there are, at least <see cref="Step"/>.</param>
    /// <param name="scale">The temperature.</param>
    /// <param name="exponent">The guess.</param>
    /// <param name="pending">The row before.</param>
    /// <param name="result">The sum.</param>
    [MethodImpl(Inline)]
    public static bool TryExponentials<TWrite, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale,
        float exponent, in PendingRow pending, out RowSum result)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var power = Top - exponent;
        var isAtOne = scale.IsOne && (!TWrite.IsYes || count <= LongestAtOne);
        var sum = isAtOne
            ? Exponentials<TWrite, NearTermsAtOne, TAlongside>(scores, target, count, scale, power, pending)
            : Exponentials<TWrite, NearTerms, TAlongside>(scores, target, count, scale, power, pending);
        result.Value = sum;
        result.Excess = LogNormalizer.Excess(power - NearTerms.Lowered) + (isAtOne ? NearTermsAtOne.Excess(exponent) : Lanes512.Excess);
        result.Offset = 0f;
        return !double.IsNaN(sum);
    }

    /// <summary>The sum; NaN where an exponent did not fit.</summary>
    [MethodImpl(Hot.Kernel)]
    private static double Exponentials<TWrite, TTerms, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, float power, in PendingRow pending)
        where TWrite : struct, IChoice
        where TTerms : struct, INearTerms<TTerms>
        where TAlongside : struct, IAlongside<TAlongside>
    {
        var terms = TTerms.Create(scale, power);
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

            // In turn, so that none is added to often: rounding that goes the same way each time would add up.
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
            // The other lanes get scores of the row too, which change nothing.
            var kept = Lanes512.FirstLanes(count - i);
            var value = terms.Apply(Avx512F.MaskLoad(scores + i, kept, Vector512.Load(scores + i - 16)), ref bits);
            if (TWrite.IsYes)
                Avx512F.MaskStore(target + i, kept, value);
            sc += value & kept;
        }

        total += (Lanes512.ToDouble(sa) + Lanes512.ToDouble(sb)) + (Lanes512.ToDouble(sc) + Lanes512.ToDouble(sd));

        // Nothing waits for this.
        alongside.Rest(Math.Max(0, (count & -Step) - Delay));
        return NearTerms.Fits(bits) ? Lanes512.Sum(total) : double.NaN;
    }

    [MethodImpl(Inline)]
    private static Vector512<float> Highest(float* scores)
        => Avx512F.Max(
            Avx512F.Max(Vector512.Load(scores), Vector512.Load(scores + 16)),
            Avx512F.Max(Vector512.Load(scores + 32), Vector512.Load(scores + 48)));

    [MethodImpl(Inline)]
    private static Vector512<float> Lowest(float* scores)
        => Avx512F.Min(
            Avx512F.Min(Vector512.Load(scores), Vector512.Load(scores + 16)),
            Avx512F.Min(Vector512.Load(scores + 32), Vector512.Load(scores + 48)));
}

/// <summary>exp(z / T) 2^p for scores of which all exponents are within reach.</summary>
/// <remarks>
/// As <see cref="Exponential{TLanes}"/>, but for the powers between, which are <see cref="Lanes512.Sixteenths"/>. Measured over every float
/// in [-55, 0] against Math.Exp: a relative error of at most 7.6e-8, but for the factor that those have in common.
/// </remarks>
internal interface INearTerms<TSelf>
    where TSelf : struct, INearTerms<TSelf>
{
    static abstract TSelf Create(in ExponentScale scale, float power);

    /// <summary>
    /// The exponentials of scores; collects the bits that their exponents have: see <see cref="NearTerms.Fits"/>.
    /// </summary>
    FourVectors Apply(in FourVectors scores, ref Vector512<int> bits);

    Vector512<float> Apply(Vector512<float> score, ref Vector512<int> bits);
}

/// <summary>At any temperature.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct NearTerms(in ExponentScale scale, float power) : INearTerms<NearTerms>
{
    private readonly Vector512<float> high = Vector512.Create(scale.High * Unit);
    private readonly Vector512<float> low = Vector512.Create(scale.Low * Unit);
    private readonly Vector512<float> rounder = Vector512.Create(Rounder(power));
    private readonly Vector512<float> linear = Vector512.Create(scale.Linear / Unit);
    private readonly Vector512<float> square = Vector512.Create(scale.Square / (Unit * Unit));
    private readonly Vector512<float> cubic = Vector512.Create(scale.Cubic / (Unit * Unit * Unit));

    /// <summary>
    /// What exponents are counted in, so that their sixteenths are the lowest bits of a float from 2 on, of which only one bit more is set:
    /// whatever is out of reach sets another, but for a sum of exactly 0.
    /// </summary>
    public const float Unit = 1f / (1 << 18);

    // The bit that makes a float 2, and exponents from 0 to below 128 in steps of 1/16.
    private const int BitsWithinReach = (1 << 30) | ((128 * 16) - 1);

    /// <summary>
    /// The exponentials come out by this power of 2 lower than their exponents
    /// say, which are from 0 to below 128, so that no sum overflows.
    /// </summary>
    public const int Lowered = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NearTerms Create(in ExponentScale scale, float power) => new(scale, power);

    /// <summary>The bits of <see cref="Lanes512.Sixteenths"/>, lowered, less i where the sum with x, shifted, puts it.</summary>
    public static Vector512<int> Steps
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Lanes512.Sixteenths.AsInt32() - (Vector512<int>.Indices << Lanes512.StepsToExponent) - Vector512.Create(Lowered << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FourVectors Apply(in FourVectors scores, ref Vector512<int> bits)
    {
        var rounded = FourVectors.MultiplyAdd(scores, high, rounder);
        var rest = FourVectors.Rest(scores, high, low, rounded - rounder);
        bits |= rounded.Bits;
        return FourVectors.Combine(FourVectors.Power(Steps, rounded), rest, linear, square, cubic);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> score, ref Vector512<int> bits)
    {
        var rounded = Vector512.FusedMultiplyAdd(score, high, rounder);
        var rest = Vector512.FusedMultiplyAdd(score, low, Avx512F.FusedMultiplySubtract(score, high, rounded - rounder));
        bits |= rounded.AsInt32();
        return Lanes512.Combine(Lanes512.Power(Steps, rounded), rest, linear, square, cubic);
    }

    /// <summary>What is added to 2^<paramref name="power"/>'s exponents, in units, to round them.</summary>
    public static float Rounder(float power) => 2f + (power * Unit);

    /// <summary>Whether there is a score that sums to exactly 0, and would be taken for one within reach.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasBlindSpot(in ExponentScale scale, float power)
    {
        var (high, rounder) = (scale.High * Unit, Rounder(power));
        return MathF.FusedMultiplyAdd(-rounder / high, high, rounder) == 0f;
    }

    /// <summary>Whether all exponents were within reach.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Fits(Vector512<int> bits) => Vector512.EqualsAll(bits & Vector512.Create(~BitsWithinReach), Vector512<int>.Zero);
}

/// <summary>At temperature 1, with one multiplication less: for rows that are not too long, and for sums.</summary>
/// <remarks>
/// The rest of the argument is z - n ln 2 with ln 2 as one float, which is too large by 2.8e-9 of itself. What that does is the same for a
/// whole row, but for a relative error of 2.8e-9 for every nat between two scores, and so 1.5e-7 for the farthest. The sum's logarithm is
/// put right by the exponent that the row was shifted by.
/// </remarks>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct NearTermsAtOne(in ExponentScale scale, float power) : INearTerms<NearTermsAtOne>
{
    private readonly Vector512<float> high = Vector512.Create(scale.High * NearTerms.Unit);
    private readonly Vector512<float> rounder = Vector512.Create(NearTerms.Rounder(power));
    private readonly Vector512<float> linear = Vector512.Create(scale.Linear * scale.High);
    private readonly Vector512<float> square = Vector512.Create(scale.Square * scale.High * scale.High);
    private readonly Vector512<float> cubic = Vector512.Create(scale.Cubic * scale.High * scale.High * scale.High);

    /// <summary>How much too large the logarithm of a sum is, besides its power.</summary>
    public static double Excess(float exponent) => Lanes512.Excess + (exponent * NaturalLogarithmOfTwo.Low);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NearTermsAtOne Create(in ExponentScale scale, float power) => new(scale, power);

    /// <summary>e^r, from the coefficients of 2^r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FourVectors Apply(in FourVectors scores, ref Vector512<int> bits)
    {
        var rounded = FourVectors.MultiplyAdd(scores, high, rounder);
        var ln2 = Vector512.Create(NaturalLogarithmOfTwo.High / NearTerms.Unit);
        var rest = FourVectors.SubtractProduct(scores, rounded - rounder, ln2);
        bits |= rounded.Bits;
        return FourVectors.Combine(FourVectors.Power(NearTerms.Steps, rounded), rest, linear, square, cubic);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> score, ref Vector512<int> bits)
    {
        var rounded = Vector512.FusedMultiplyAdd(score, high, rounder);
        var ln2 = Vector512.Create(NaturalLogarithmOfTwo.High / NearTerms.Unit);
        var rest = Avx512F.FusedMultiplyAddNegated(rounded - rounder, ln2, score);
        bits |= rounded.AsInt32();
        return Lanes512.Combine(Lanes512.Power(NearTerms.Steps, rounded), rest, linear, square, cubic);
    }
}
