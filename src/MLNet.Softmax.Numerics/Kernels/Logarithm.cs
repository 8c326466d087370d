using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The natural logarithm of a sum of exponentials.</summary>
internal static class Logarithm<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// For vectors without a table: ln(value) - power * ln 2, and the whole power, for positive normal numbers; NaN for NaN.
    /// </summary>
    /// <remarks>
    /// ln m for m in [0.7071, 1.4142] as f - f^2 / 2 + f^3 P(f), f = m - 1, with the
    /// polynomial of Moshier's Cephes library (logf): an absolute error below 1e-7.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes ByPolynomial(TLanes value, out TLanes power)
    {
        var f = TLanes.SplitPowerOfTwo(value, out power) - TLanes.Create(1f);
        var p = TLanes.MultiplyAdd(f, TLanes.Create(7.0376836292e-2f), TLanes.Create(-1.1514610310e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(1.1676998740e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(-1.2420140846e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(1.4249322787e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(-1.6668057665e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(2.0000714765e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(-2.4999993993e-1f));
        p = TLanes.MultiplyAdd(p, f, TLanes.Create(3.3333331174e-1f));
        var square = f * f;

        // The split takes NaN for a number; its product with 0 does not.
        f = TLanes.MultiplyAdd(value, TLanes.Create(0f), f);
        return f + TLanes.MultiplyAdd(p * f, square, square * TLanes.Create(-0.5f));
    }

    /// <summary>ln(sum / 2^power) as the sum of a high and a low number, for whole powers.</summary>
    /// <param name="sum">A sum of exponentials.</param>
    /// <param name="power">The power they were shifted by.</param>
    /// <param name="lowOfLn2">The low part of ln 2; 0 where they were computed with ln 2 as one float.</param>
    /// <param name="low">What is left.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes OfShifted(TLanes sum, TLanes power, float lowOfLn2, out TLanes low)
    {
        var logarithm = TLanes.LogarithmOfMantissa(sum, out var powerOfSum);
        power -= powerOfSum;

        // The product is 0, or no smaller than what it is taken from: that is
        // why so few operations tell what rounding took from the difference.
        var product = power * TLanes.Create(NaturalLogarithmOfTwo.High);
        var lost = TLanes.MultiplyAdd(power, TLanes.Create(-NaturalLogarithmOfTwo.High), product);
        lost = TLanes.MultiplyAdd(power, TLanes.Create(-lowOfLn2), lost);
        var high = logarithm - product;
        low = lost + (logarithm - (high + product));
        return high;
    }
}
