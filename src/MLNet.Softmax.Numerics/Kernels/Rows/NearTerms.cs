using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

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
}
