using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <content>
/// ln m for m from 1 to 2 by 32 reciprocals c, near the middles of 32 parts and such that -ln c is a
/// float but for 1e-10, and a polynomial for ln(1 + r), r = m c - 1: four multiplications in a row,
/// where a polynomial alone has twelve. The first c is 1, so that ln 1 is exactly 0. </content>
internal readonly unsafe partial struct Lanes512
{
    // The part that a mantissa is in stands in the highest of its 23 bits.
    private const int MantissaToPart = 18;

    [MethodImpl(Inline)]
    public static Lanes512 LogarithmOfMantissa(Lanes512 value, out Lanes512 power)
    {
        if (!Avx512F.IsSupported)
            return Logarithm<Lanes512>.ByPolynomial(value, out power);
        power = new(Avx512F.GetExponent(value.value));
        var mantissa = Avx512F.GetMantissa(value.value, 0);
        var part = mantissa.AsInt32() >>> MantissaToPart;
        var reciprocal = Avx512F.PermuteVar16x32x2(FirstReciprocals, part, LastReciprocals);
        var rest = Vector512.FusedMultiplyAdd(mantissa, reciprocal, Vector512.Create(-1f));
        var p = Vector512.FusedMultiplyAdd(rest, Vector512.Create(-0.25f), Vector512.Create(1f / 3f));
        p = Vector512.FusedMultiplyAdd(p, rest, Vector512.Create(-0.5f));
        return new(Vector512.FusedMultiplyAdd(rest * rest, p, rest) + Avx512F.PermuteVar16x32x2(FirstLogarithms, part, LastLogarithms));
    }

    private static Vector512<float> FirstReciprocals
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            1f, 0.95706284f, 0.925213456f, 0.90150708f, 0.877438962f, 0.851558149f, 0.832499206f, 0.810058892f,
            0.78848213f, 0.771181643f, 0.753806889f, 0.735193968f, 0.720094621f, 0.703877866f, 0.689561129f, 0.671760738f);
    }

    private static Vector512<float> LastReciprocals
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.657742262f, 0.648088872f, 0.631748021f, 0.621513665f, 0.611453652f, 0.597841382f, 0.587882638f, 0.575630128f,
            0.565868795f, 0.555079579f, 0.548096716f, 0.53684026f, 0.527380943f, 0.52235359f, 0.510057092f, 0.50590539f);
    }

    private static Vector512<float> FirstLogarithms
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0f, 0.0438862257f, 0.0777308047f, 0.103687383f, 0.130747885f, 0.160687491f, 0.183323011f, 0.210648328f,
            0.237645537f, 0.259831339f, 0.282619059f, 0.307620913f, 0.328372657f, 0.351150423f, 0.371699929f, 0.397853047f);
    }

    private static Vector512<float> LastLogarithms
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0.418942124f, 0.433727443f, 0.459264666f, 0.475597382f, 0.49191612f, 0.514429808f, 0.531227946f, 0.552289963f,
            0.569393039f, 0.588643789f, 0.601303518f, 0.622054696f, 0.639832139f, 0.649410546f, 0.673232615f, 0.681405604f);
    }
}
