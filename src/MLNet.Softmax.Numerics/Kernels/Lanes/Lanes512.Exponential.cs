namespace MLNet.Softmax.Numerics.Kernels;

// The exponential and the logarithm, each from a table of 16 entries.
internal readonly unsafe partial struct Lanes512
{
    // 2^x from a table of steps of 1/16, which fits in one register, and a polynomial of degree 3 for the rest. It needs fewer
    // multiplications than a polynomial alone, and they determine the latency. A step is 2^-4, and a float's exponent starts at bit 23.
    public const int StepsToExponent = 19;

    /// <summary>1.5 * 2^19: adding it rounds a number to a multiple of 1/16.</summary>
    public static float Rounder => 786_432f;

    /// <summary>The coefficients of <see cref="Combine(Vector512{float}, Vector512{float})"/>.</summary>
    public const float Linear = 0.69314712f, Square = 0.24023378f, Cubic = 0.055563368f;

    /// <summary>The bits of 2^(i / 16), minus the bits of i that the shifted sum with x contains.</summary>
    public static Vector512<int> Steps
    {
        [MethodImpl(Hot.Inline)]
        get => Vector512.Create(
            0x3F800000, 0x3F7DAAC3, 0x3F7B95C2, 0x3F79C3D3, 0x3F7837F0, 0x3F76F532, 0x3F75FED7, 0x3F75583F,
            0x3F7504F3, 0x3F7508A4, 0x3F75672A, 0x3F76248C, 0x3F7744FD, 0x3F78CCDF, 0x3F7AC0C7, 0x3F7D257D);
    }

    /// <summary>The logarithm of the factor in <see cref="Sixteenths"/>.</summary>
    public const double Excess = 0.03185316516636975;

    /// <summary>
    /// 2^(i / 16) times a factor. The factor cancels in a probability, and is chosen so that the rounding error of every entry is at most
    /// 1.6e-8.
    /// </summary>
    public static Vector512<float> Sixteenths
    {
        [MethodImpl(Hot.Inline)]
        get => Vector512.Create(
            1.03236592f, 1.07807267f, 1.12580299f, 1.17564654f, 1.2276969f, 1.28205168f, 1.33881295f, 1.39808726f,
            1.45998585f, 1.52462494f, 1.59212589f, 1.6626153f, 1.73622561f, 1.81309485f, 1.89336741f, 1.97719395f);
    }

    /// <summary>2^(n + p), n + p being what is in the lowest bits of the rounder, times what the rest comes to.</summary>
    [MethodImpl(Hot.Inline)]
    public static Lanes512 Combine(Lanes512 rounded, Lanes512 rest) => new(Combine(Power(Steps, rounded.value), rest.value));

    /// <summary>The power times 1 + r (a + b r + c r^2), the minimax fit of the relative error of 2^r over [-1/32, 1/32], 2.1e-9.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Combine(Vector512<float> power, Vector512<float> rest)
        => Combine(power, rest, Vector512.Create(Linear), Vector512.Create(Square), Vector512.Create(Cubic));

    /// <summary>The same for given coefficients.</summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Combine(
        Vector512<float> power, Vector512<float> rest, Vector512<float> linear, Vector512<float> square, Vector512<float> cubic)
    {
        var quotient = Vector512.FusedMultiplyAdd(rest, cubic, square);
        quotient = Vector512.FusedMultiplyAdd(quotient, rest, linear);
        return Vector512.FusedMultiplyAdd(quotient * rest, power, power);
    }

    /// <summary>
    /// 2^n, if it is a normal number, from the lowest bits of the rounded value; the last four select the step.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Power(Vector512<int> steps, Vector512<float> rounded)
    {
        var bits = rounded.AsInt32();
        var step = Avx512F.IsSupported ? Avx512F.PermuteVar16x32(steps, bits) : Vector512.Shuffle(steps, bits & Vector512.Create(15));
        return (step + (bits << StepsToExponent)).AsSingle();
    }

    /// <summary>
    /// 2^n, or 0 or infinity if a float cannot hold it, from n itself and the last four bits of the rounded value, which select the
    /// sixteenth. Needs AVX-512.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static Vector512<float> Power(Vector512<float> sixteenths, Vector512<float> rounded, Vector512<float> nearest)
        => Avx512F.Scale(Avx512F.PermuteVar16x32(sixteenths, rounded.AsInt32()), nearest);

    // ln m for m from 1 to 2, from 32 reciprocals c near the middles of 32 parts, with -ln c a float to within 1e-10, and a polynomial for
    // ln(1 + r), r = m c - 1: a chain of four multiplications; a polynomial alone needs twelve. The first c is 1, so that ln 1 is exactly
    // 0. The highest of the mantissa's 23 bits give its part.
    private const int MantissaToPart = 18;

    [MethodImpl(Hot.Inline)]
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
        [MethodImpl(Hot.Inline)]
        get => Vector512.Create(
            1f, 0.95706284f, 0.925213456f, 0.90150708f, 0.877438962f, 0.851558149f, 0.832499206f, 0.810058892f,
            0.78848213f, 0.771181643f, 0.753806889f, 0.735193968f, 0.720094621f, 0.703877866f, 0.689561129f, 0.671760738f);
    }

    private static Vector512<float> LastReciprocals
    {
        [MethodImpl(Hot.Inline)]
        get => Vector512.Create(
            0.657742262f, 0.648088872f, 0.631748021f, 0.621513665f, 0.611453652f, 0.597841382f, 0.587882638f, 0.575630128f,
            0.565868795f, 0.555079579f, 0.548096716f, 0.53684026f, 0.527380943f, 0.52235359f, 0.510057092f, 0.50590539f);
    }

    private static Vector512<float> FirstLogarithms
    {
        [MethodImpl(Hot.Inline)]
        get => Vector512.Create(
            0f, 0.0438862257f, 0.0777308047f, 0.103687383f, 0.130747885f, 0.160687491f, 0.183323011f, 0.210648328f,
            0.237645537f, 0.259831339f, 0.282619059f, 0.307620913f, 0.328372657f, 0.351150423f, 0.371699929f, 0.397853047f);
    }

    private static Vector512<float> LastLogarithms
    {
        [MethodImpl(Hot.Inline)]
        get => Vector512.Create(
            0.418942124f, 0.433727443f, 0.459264666f, 0.475597382f, 0.49191612f, 0.514429808f, 0.531227946f, 0.552289963f,
            0.569393039f, 0.588643789f, 0.601303518f, 0.622054696f, 0.639832139f, 0.649410546f, 0.673232615f, 0.681405604f);
    }
}
