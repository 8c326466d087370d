using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of four vectors, all of which take each step before any takes the next. The processor looks only so far ahead: one
/// vector after the other would have it wait for results it has only begun. Needs AVX-512, which has the registers.
/// </summary>
internal static class FourTogether
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>
    /// Rounds z s to n, the nearest multiple of 1/16, and leaves n, in sixteenths,
    /// in the lowest bits of the rounded, with what the rounder had there.
    /// </summary>
    [MethodImpl(Inline)]
    public static void Round(
        Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> high, Vector512<float> rounder,
        out Vector512<float> roundedA, out Vector512<float> roundedB, out Vector512<float> roundedC, out Vector512<float> roundedD,
        out Vector512<float> nearestA, out Vector512<float> nearestB, out Vector512<float> nearestC, out Vector512<float> nearestD)
    {
        roundedA = Vector512.FusedMultiplyAdd(a, high, rounder);
        roundedB = Vector512.FusedMultiplyAdd(b, high, rounder);
        roundedC = Vector512.FusedMultiplyAdd(c, high, rounder);
        roundedD = Vector512.FusedMultiplyAdd(d, high, rounder);
        (nearestA, nearestB, nearestC, nearestD) = (roundedA - rounder, roundedB - rounder, roundedC - rounder, roundedD - rounder);
    }

    /// <summary>Puts z s - n in the place of z.</summary>
    [MethodImpl(Inline)]
    public static void Rest(
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d,
        Vector512<float> nearestA, Vector512<float> nearestB, Vector512<float> nearestC, Vector512<float> nearestD,
        Vector512<float> high, Vector512<float> low)
    {
        nearestA = Avx512F.FusedMultiplySubtract(a, high, nearestA);
        nearestB = Avx512F.FusedMultiplySubtract(b, high, nearestB);
        nearestC = Avx512F.FusedMultiplySubtract(c, high, nearestC);
        nearestD = Avx512F.FusedMultiplySubtract(d, high, nearestD);
        a = Vector512.FusedMultiplyAdd(a, low, nearestA);
        b = Vector512.FusedMultiplyAdd(b, low, nearestB);
        c = Vector512.FusedMultiplyAdd(c, low, nearestC);
        d = Vector512.FusedMultiplyAdd(d, low, nearestD);
    }

    /// <summary>Puts z - n ln 2 in the place of z.</summary>
    [MethodImpl(Inline)]
    public static void RestByLn2(
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d,
        Vector512<float> nearestA, Vector512<float> nearestB, Vector512<float> nearestC, Vector512<float> nearestD, Vector512<float> ln2)
    {
        a = Avx512F.FusedMultiplyAddNegated(nearestA, ln2, a);
        b = Avx512F.FusedMultiplyAddNegated(nearestB, ln2, b);
        c = Avx512F.FusedMultiplyAddNegated(nearestC, ln2, c);
        d = Avx512F.FusedMultiplyAddNegated(nearestD, ln2, d);
    }

    /// <summary>Puts 2^n in the place of the rounded: see <see cref="Lanes512.Power(Vector512{int}, Vector512{float})"/>.</summary>
    [MethodImpl(Inline)]
    public static void Power(
        ref Vector512<float> roundedA, ref Vector512<float> roundedB,
        ref Vector512<float> roundedC, ref Vector512<float> roundedD, Vector512<int> steps)
    {
        (roundedA, roundedB) = (Lanes512.Power(steps, roundedA), Lanes512.Power(steps, roundedB));
        (roundedC, roundedD) = (Lanes512.Power(steps, roundedC), Lanes512.Power(steps, roundedD));
    }

    /// <summary>
    /// Puts 2^n in the place of the rounded, or what it underflows or overflows to: see
    /// <see cref="Lanes512.Power(Vector512{float}, Vector512{float}, Vector512{float})"/>.
    /// </summary>
    [MethodImpl(Inline)]
    public static void Power(
        ref Vector512<float> roundedA, ref Vector512<float> roundedB, ref Vector512<float> roundedC, ref Vector512<float> roundedD,
        Vector512<float> nearestA, Vector512<float> nearestB, Vector512<float> nearestC,
            Vector512<float> nearestD, Vector512<float> sixteenths)
    {
        roundedA = Avx512F.Scale(Avx512F.PermuteVar16x32(sixteenths, roundedA.AsInt32()), nearestA);
        roundedB = Avx512F.Scale(Avx512F.PermuteVar16x32(sixteenths, roundedB.AsInt32()), nearestB);
        roundedC = Avx512F.Scale(Avx512F.PermuteVar16x32(sixteenths, roundedC.AsInt32()), nearestC);
        roundedD = Avx512F.Scale(Avx512F.PermuteVar16x32(sixteenths, roundedD.AsInt32()), nearestD);
    }

    /// <summary>Puts power (1 + r (linear + square r + cubic r^2)) in the place of r.</summary>
    [MethodImpl(Inline)]
    public static void Combine(
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d,
        Vector512<float> powerA, Vector512<float> powerB, Vector512<float> powerC, Vector512<float> powerD,
            Vector512<float> linear, Vector512<float> square, Vector512<float> cubic)
    {
        var qa = Vector512.FusedMultiplyAdd(a, cubic, square);
        var qb = Vector512.FusedMultiplyAdd(b, cubic, square);
        var qc = Vector512.FusedMultiplyAdd(c, cubic, square);
        var qd = Vector512.FusedMultiplyAdd(d, cubic, square);
        qa = Vector512.FusedMultiplyAdd(qa, a, linear);
        qb = Vector512.FusedMultiplyAdd(qb, b, linear);
        qc = Vector512.FusedMultiplyAdd(qc, c, linear);
        qd = Vector512.FusedMultiplyAdd(qd, d, linear);
        (a, b, c, d) = (qa * a, qb * b, qc * c, qd * d);
        a = Vector512.FusedMultiplyAdd(a, powerA, powerA);
        b = Vector512.FusedMultiplyAdd(b, powerB, powerB);
        c = Vector512.FusedMultiplyAdd(c, powerC, powerC);
        d = Vector512.FusedMultiplyAdd(d, powerD, powerD);
    }
}
