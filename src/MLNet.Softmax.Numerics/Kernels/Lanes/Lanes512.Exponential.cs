using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <content>
/// 2^x by steps of 1/16, which one register holds, and a polynomial of degree 3 for the rest: fewer multiplications than by a polynomial
/// alone, and it is these that the exponential waits for. </content>
internal readonly unsafe partial struct Lanes512
{
    // A step is 2^-4, and a float's exponent starts at bit 23.
    public const int StepsToExponent = 19;

    /// <summary>1.5 * 2^19: what is added to it is rounded to a multiple of 1/16.</summary>
    public static float Rounder => 786_432f;

    /// <summary>The coefficients of <see cref="Combine(Vector512{float}, Vector512{float})"/>.</summary>
    public const float Linear = 0.69314712f, Square = 0.24023378f, Cubic = 0.055563368f;

    /// <summary>The bits of 2^(i / 16), less i where the sum with x, shifted, puts it.</summary>
    public static Vector512<int> Steps
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            0x3F800000, 0x3F7DAAC3, 0x3F7B95C2, 0x3F79C3D3, 0x3F7837F0, 0x3F76F532, 0x3F75FED7, 0x3F75583F,
            0x3F7504F3, 0x3F7508A4, 0x3F75672A, 0x3F76248C, 0x3F7744FD, 0x3F78CCDF, 0x3F7AC0C7, 0x3F7D257D);
    }

    /// <summary>The logarithm of the factor of the <see cref="Sixteenths"/>.</summary>
    public const double Excess = 0.03185316516636975;

    /// <summary>
    /// 2^(i / 16) times a factor, which cancels in a probability and is
    /// chosen so that none of them, as a float, is off by more than 1.6e-8.
    /// </summary>
    public static Vector512<float> Sixteenths
    {
        [MethodImpl(Inline)]
        get => Vector512.Create(
            1.03236592f, 1.07807267f, 1.12580299f, 1.17564654f, 1.2276969f, 1.28205168f, 1.33881295f, 1.39808726f,
            1.45998585f, 1.52462494f, 1.59212589f, 1.6626153f, 1.73622561f, 1.81309485f, 1.89336741f, 1.97719395f);
    }

    [MethodImpl(Inline)]
    public static Lanes512 Reduce(Lanes512 score, Lanes512 high, Lanes512 low, Lanes512 rounder, out Lanes512 rounded)
    {
        rounded = MultiplyAdd(score, high, rounder);
        return MultiplyAdd(score, low, MultiplyAdd(score, high, rounder - rounded));
    }

    /// <summary>2^(n + p), n + p being what is in the lowest bits of the rounder, times what the rest comes to.</summary>
    [MethodImpl(Inline)]
    public static Lanes512 Combine(Lanes512 rounded, Lanes512 rest) => new(Combine(Power(Steps, rounded.value), rest.value));

    /// <summary>The power times 1 + r (a + b r + c r^2), the minimax fit of the relative error of 2^r over [-1/32, 1/32], 2.1e-9.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Combine(Vector512<float> power, Vector512<float> rest)
        => Combine(power, rest, Vector512.Create(Linear), Vector512.Create(Square), Vector512.Create(Cubic));

    /// <summary>The same for given coefficients.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Combine(
        Vector512<float> power, Vector512<float> rest, Vector512<float> linear, Vector512<float> square, Vector512<float> cubic)
    {
        var quotient = Vector512.FusedMultiplyAdd(rest, cubic, square);
        quotient = Vector512.FusedMultiplyAdd(quotient, rest, linear);
        return Vector512.FusedMultiplyAdd(quotient * rest, power, power);
    }

    /// <summary>
    /// 2^n, where that is a normal number, from the lowest bits of the rounded, of which the last four say which of the steps.
    /// </summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Power(Vector512<int> steps, Vector512<float> rounded)
    {
        var bits = rounded.AsInt32();
        var step = Avx512F.IsSupported ? Avx512F.PermuteVar16x32(steps, bits) : Vector512.Shuffle(steps, bits & Vector512.Create(15));
        return (step + (bits << StepsToExponent)).AsSingle();
    }

    /// <summary>
    /// 2^n, or 0 or infinity beyond what a float can hold, from n itself and the last
    /// four bits of the rounded, which say which of the sixteenths. Needs AVX-512.
    /// </summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Power(Vector512<float> sixteenths, Vector512<float> rounded, Vector512<float> nearest)
        => Avx512F.Scale(Avx512F.PermuteVar16x32(sixteenths, rounded.AsInt32()), nearest);
}
