using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>exp(z / T) 2^p for scores of which all exponents are within reach.</summary>
/// <remarks>
/// As <see cref="Exponential{TLanes}"/>, but for a table of powers that are all too large by one factor, chosen so that none of them, as a float, is
/// off by more than 1.6e-8. The factor cancels in a probability, and is taken from the logarithm of a sum. Measured over every float in [-55, 0]
/// against Math.Exp: a relative error of at most 7.6e-8.
/// </remarks>
internal interface INearTerms<TSelf>
    where TSelf : struct, INearTerms<TSelf>
{
    static abstract TSelf Create(in ExponentScale scale, float power);

    /// <summary>Puts exponentials in the place of scores, and marks what bits their exponents have, besides those of the rounder.</summary>
    void Apply(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d, ref Vector512<int> changed);
}

/// <summary>At any temperature.</summary>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct NearTerms(in ExponentScale scale, float power) : INearTerms<NearTerms>
{
    private readonly Vector512<float> high = Vector512.Create(scale.High);
    private readonly Vector512<float> low = Vector512.Create(scale.Low);
    private readonly Vector512<float> rounder = Vector512.Create(Lanes512.Rounder + power);

    /// <summary>The exponentials come out by this power of 2 lower than their exponents say, which are from 0 to below 128, so that no sum overflows.</summary>
    public const int Lowered = 64;

    /// <summary>The logarithm of the factor of the <see cref="Steps"/>.</summary>
    public const double Excess = 0.03185316516636975;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NearTerms Create(in ExponentScale scale, float power) => new(scale, power);

    /// <summary>The bits of 2^(i / 16 - 64) times that factor, less i where the sum with x, shifted, puts it.</summary>
    public static Vector512<int> Steps
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            0x1F842491, 0x1F81FE49, 0x1F801A50, 0x1F7E7B96, 0x1F7D252C, 0x1F7C1A45, 0x1F7B5E39, 0x1F7AF486,
            0x1F7AE0D1, 0x1F7B26E9, 0x1F7BCAC8, 0x1F7CD094, 0x1F7E3CA4, 0x1F80137E, 0x1F8259DD, 0x1F8514B1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d, ref Vector512<int> changed)
    {
        FourTogether.Round(a, b, c, d, high, rounder, out var pa, out var pb, out var pc, out var pd, out var na, out var nb, out var nc, out var nd);
        FourTogether.Rest(ref a, ref b, ref c, ref d, na, nb, nc, nd, high, low);
        Mark(pa, pb, pc, pd, ref changed);
        FourTogether.Power(ref pa, ref pb, ref pc, ref pd, Steps);
        FourTogether.Combine(ref a, ref b, ref c, ref d, pa, pb, pc, pd, Lanes512.Linear, Lanes512.Square, Lanes512.Cubic);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Mark(Vector512<float> roundedA, Vector512<float> roundedB, Vector512<float> roundedC, Vector512<float> roundedD, ref Vector512<int> changed)
    {
        var unchanged = Vector512.Create(Lanes512.Rounder).AsInt32();
        changed |= roundedA.AsInt32() ^ unchanged;
        changed |= roundedB.AsInt32() ^ unchanged;
        changed |= roundedC.AsInt32() ^ unchanged;
        changed |= roundedD.AsInt32() ^ unchanged;
    }
}

/// <summary>At temperature 1, with one multiplication less.</summary>
/// <remarks>
/// The rest of the argument is z - n ln 2 with ln 2 as one float, which is too large by 2.8e-9 of itself. What that does is the same for a whole
/// row, but for a relative error of 2.8e-9 for every nat between two scores, and so 1.5e-7 for the farthest. The sum's logarithm is put right by
/// the exponent that the row was shifted by.
/// </remarks>
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
internal readonly struct NearTermsAtOne(in ExponentScale scale, float power) : INearTerms<NearTermsAtOne>
{
    private const float Ln2 = 0.69314718246459961f;

    private readonly Vector512<float> high = Vector512.Create(scale.High);
    private readonly Vector512<float> rounder = Vector512.Create(Lanes512.Rounder + power);

    /// <summary>How much too large the logarithm of a sum is, besides its power.</summary>
    public static double Excess(float exponent) => NearTerms.Excess + (exponent * (0.6931471805599453 - Ln2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NearTermsAtOne Create(in ExponentScale scale, float power) => new(scale, power);

    /// <summary>e^r is fitted as 2^r is elsewhere, over [-ln 2 / 32, ln 2 / 32] and a little more: 1.7e-9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d, ref Vector512<int> changed)
    {
        FourTogether.Round(a, b, c, d, high, rounder, out var pa, out var pb, out var pc, out var pd, out var na, out var nb, out var nc, out var nd);
        FourTogether.RestByLn2(ref a, ref b, ref c, ref d, na, nb, nc, nd, Vector512.Create(Ln2));
        NearTerms.Mark(pa, pb, pc, pd, ref changed);
        FourTogether.Power(ref pa, ref pb, ref pc, ref pd, NearTerms.Steps);
        FourTogether.Combine(ref a, ref b, ref c, ref d, pa, pb, pc, pd, 1f, 0.5000167f, 0.16667028f);
    }
}
