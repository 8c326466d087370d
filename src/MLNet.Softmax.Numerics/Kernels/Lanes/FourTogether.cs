using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of four vectors, all of which take each step before any takes the next. The processor looks only so far ahead: one vector
/// after the other would have it wait for results it has only begun. Needs AVX-512, which has the registers.
/// </summary>
internal static class FourTogether
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Splits z s into n, left on the rounders, and the rest r, which takes the place of z: as <see cref="Lanes512"/> does for one vector.</summary>
    [MethodImpl(Inline)]
    public static void Reduce(
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d,
        Vector512<float> high, Vector512<float> low,
        Vector512<float> rounderA, Vector512<float> rounderB, Vector512<float> rounderC, Vector512<float> rounderD,
        out Vector512<float> roundedA, out Vector512<float> roundedB, out Vector512<float> roundedC, out Vector512<float> roundedD)
    {
        roundedA = Vector512.FusedMultiplyAdd(a, high, rounderA);
        roundedB = Vector512.FusedMultiplyAdd(b, high, rounderB);
        roundedC = Vector512.FusedMultiplyAdd(c, high, rounderC);
        roundedD = Vector512.FusedMultiplyAdd(d, high, rounderD);
        (rounderA, rounderB, rounderC, rounderD) = (rounderA - roundedA, rounderB - roundedB, rounderC - roundedC, rounderD - roundedD);
        rounderA = Vector512.FusedMultiplyAdd(a, high, rounderA);
        rounderB = Vector512.FusedMultiplyAdd(b, high, rounderB);
        rounderC = Vector512.FusedMultiplyAdd(c, high, rounderC);
        rounderD = Vector512.FusedMultiplyAdd(d, high, rounderD);
        a = Vector512.FusedMultiplyAdd(a, low, rounderA);
        b = Vector512.FusedMultiplyAdd(b, low, rounderB);
        c = Vector512.FusedMultiplyAdd(c, low, rounderC);
        d = Vector512.FusedMultiplyAdd(d, low, rounderD);
    }

    /// <summary>Splits z into n steps of ln 2 / 16, left on the rounder as powers of 2, and the rest r, which takes the place of z.</summary>
    [MethodImpl(Inline)]
    public static void ReduceByLn2(
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d,
        Vector512<float> high, Vector512<float> ln2, Vector512<float> rounder,
        out Vector512<float> roundedA, out Vector512<float> roundedB, out Vector512<float> roundedC, out Vector512<float> roundedD)
    {
        roundedA = Vector512.FusedMultiplyAdd(a, high, rounder);
        roundedB = Vector512.FusedMultiplyAdd(b, high, rounder);
        roundedC = Vector512.FusedMultiplyAdd(c, high, rounder);
        roundedD = Vector512.FusedMultiplyAdd(d, high, rounder);
        var (stepsA, stepsB, stepsC, stepsD) = (rounder - roundedA, rounder - roundedB, rounder - roundedC, rounder - roundedD);
        a = Vector512.FusedMultiplyAdd(stepsA, ln2, a);
        b = Vector512.FusedMultiplyAdd(stepsB, ln2, b);
        c = Vector512.FusedMultiplyAdd(stepsC, ln2, c);
        d = Vector512.FusedMultiplyAdd(stepsD, ln2, d);
    }

    /// <summary>Puts power (1 + r (linear + square r + cubic r^2)) in the place of r.</summary>
    [MethodImpl(Inline)]
    public static void Combine(
        ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d,
        Vector512<float> roundedA, Vector512<float> roundedB, Vector512<float> roundedC, Vector512<float> roundedD,
        Vector512<int> steps, float linear, float square, float cubic)
    {
        (roundedA, roundedB) = (Lanes512.Power(steps, roundedA), Lanes512.Power(steps, roundedB));
        (roundedC, roundedD) = (Lanes512.Power(steps, roundedC), Lanes512.Power(steps, roundedD));
        var qa = Vector512.FusedMultiplyAdd(a, Vector512.Create(cubic), Vector512.Create(square));
        var qb = Vector512.FusedMultiplyAdd(b, Vector512.Create(cubic), Vector512.Create(square));
        var qc = Vector512.FusedMultiplyAdd(c, Vector512.Create(cubic), Vector512.Create(square));
        var qd = Vector512.FusedMultiplyAdd(d, Vector512.Create(cubic), Vector512.Create(square));
        qa = Vector512.FusedMultiplyAdd(qa, a, Vector512.Create(linear));
        qb = Vector512.FusedMultiplyAdd(qb, b, Vector512.Create(linear));
        qc = Vector512.FusedMultiplyAdd(qc, c, Vector512.Create(linear));
        qd = Vector512.FusedMultiplyAdd(qd, d, Vector512.Create(linear));
        (a, b, c, d) = (qa * a, qb * b, qc * c, qd * d);
        a = Vector512.FusedMultiplyAdd(a, roundedA, roundedA);
        b = Vector512.FusedMultiplyAdd(b, roundedB, roundedB);
        c = Vector512.FusedMultiplyAdd(c, roundedC, roundedC);
        d = Vector512.FusedMultiplyAdd(d, roundedD, roundedD);
    }
}
