namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>exp(z / T) as 2^n 2^r, and the list of all forms of the exponential in the kernels.</summary>
/// <remarks>
/// <para>
/// With s = log2(e) / T, exp(z / T) = 2^(z s). Write z s = n + r, with n a multiple of a step and r at most half a step. Adding and
/// subtracting a number so large that it has no finer digits gives n; r = (z s_high - n) + z s_low takes two fused operations, so the
/// argument keeps about 45 bits. A row never needs z - max: adding a whole power to that large number shifts every n of the row, which
/// makes its largest exponential any size and is exact.
/// </para>
/// <code>
/// form                      step  2^r                     largest relative error    range, and what is beyond it
/// 1 here, 128 and 256 bits  1     WholePowers, degree 6   1.1e-7 over [-104, 0]     2^n for n from -126 to 127; 0 below, if raised to the
/// 2 here, 512 bits          1/16  Lanes512.Combine, 3     1.1e-7 over [-104, 0]     floor first; meaningless above: watch the highest n
/// 3 NearTerms               1/16  the same                7.6e-8 over [-55, 0]      n from 0 to below 128 before it is lowered by 64; else
///                                                         (*) + 2.8e-9 a nat        the row is done again by form 2
/// 4 PackedPipeline          1/16  the same                7.6e-8 over [-87, 0]      any: 0 below and infinity above, by the processor
///                                                         (*) + 2.8e-9 a nat
/// 5 PairBlock               1, 1/16: forms 1 and 2        1.1e-7, of a difference   up to 87 apart; farther apart: 0 and 1
/// 6 RowKernels              Math.Exp                      rounding to float         temperatures below 1e-30 or above 1e30
///
/// (*) where sums alone need it, or rows are short, ln 2 is one float: NearTerms says what that does.
/// NaN stays NaN of either sign in all of them; -infinity gives 0.
/// Who uses them: 1 and 2 rows in registers, short rows, columns, RowSweep; 3 long rows (NearSweep); 4 packed rows; 5 two classes.
/// </code>
/// <para>
/// Forms 3 and 4 exist because they save 2 and 4 of 14 operations: with form 2 instead, rows of 1,000 take 1.15 times as long. Results
/// between 2^-127 and 2^-126 are only right in magnitude; callers make their largest exponential so large that the share of such a result
/// is 0 anyway.
/// </para>
/// </remarks>
internal static class Exponential<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// exp(z / T) 2^p, for z from <see cref="ExponentScale.Floor"/> of p on; <paramref name="rounder"/> is the lanes' rounder plus p.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Of(TLanes score, TLanes high, TLanes low, TLanes rounder)
    {
        var rest = Reduce(score, high, low, rounder, out var rounded);
        return TLanes.Combine(rounded, rest);
    }

    /// <summary>
    /// Splits z s, s being the sum of <paramref name="high"/> and <paramref name="low"/>, into n, a number of whole steps, and the rest r.
    /// Adds n to <paramref name="rounder"/>, the lanes' rounder plus a whole number, and returns r.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Reduce(TLanes score, TLanes high, TLanes low, TLanes rounder, out TLanes rounded)
    {
        rounded = TLanes.MultiplyAdd(score, high, rounder);
        return TLanes.MultiplyAdd(score, low, TLanes.MultiplyAdd(score, high, rounder - rounded));
    }

    /// <summary>
    /// exp(z / T) 2^p, for z from <see cref="ExponentScale.Lowest"/> on and a p that is known late: only the last step depends on it.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Scaled(TLanes score, TLanes high, TLanes low, TLanes power)
    {
        var rest = Reduce(score, high, low, TLanes.Create(TLanes.Rounder), out var rounded);
        return TLanes.Combine(TLanes.Max(TLanes.Create(TLanes.Rounder + ExponentScale.PowerOfZero), rounded + power), rest);
    }
}

/// <summary>2^x by whole powers and a polynomial, for vectors without a table.</summary>
/// <remarks>
/// 2^r - 1 = r q(r) for r in [-1/2, 1/2], q of degree 5: the minimax fit of the relative error of 2^r, found by linear programming with the
/// coefficients rounded to floats one after the other, lowest first, refitting the rest each time.
/// </remarks>
internal static class WholePowers
{
    /// <summary>1.5 * 2^23: adding it rounds a number to a whole number.</summary>
    public const float Rounder = 12_582_912f;

    /// <summary>The same, plus the bias of a float's exponent: its sum with x, shifted to the exponent's bits, is 2^n.</summary>
    public const float BiasedRounder = Rounder + 127f;

    /// <summary>The position of a float's exponent.</summary>
    public const int ExponentPosition = 23;

    /// <summary>The power times 2^r.</summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Combine<TLanes>(TLanes power, TLanes rest)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var quotient = TLanes.MultiplyAdd(rest, TLanes.Create(0.00015326471475418657f), TLanes.Create(0.0013390806270763278f));
        quotient = TLanes.MultiplyAdd(quotient, rest, TLanes.Create(0.009618505835533142f));
        quotient = TLanes.MultiplyAdd(quotient, rest, TLanes.Create(0.05550359934568405f));
        quotient = TLanes.MultiplyAdd(quotient, rest, TLanes.Create(0.24022647738456726f));
        quotient = TLanes.MultiplyAdd(quotient, rest, TLanes.Create(0.6931471824645996f));
        return TLanes.MultiplyAdd(quotient * rest, power, power);
    }
}

/// <summary>The natural logarithm of a sum of exponentials.</summary>
internal static class Logarithm<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>The bits of the square root of 1/2: mantissas are from there to the square root of 2.</summary>
    public const int SplitAt = 0x3F3504F3;

    /// <summary>
    /// For vectors without a table: ln(value) - power * ln 2, and the whole power, for positive normal numbers; NaN for NaN.
    /// </summary>
    /// <remarks>
    /// ln m for m in [0.7071, 1.4142] as f - f^2 / 2 + f^3 P(f), f = m - 1, with the
    /// polynomial of Moshier's Cephes library (logf): an absolute error below 1e-7.
    /// </remarks>
    [MethodImpl(Hot.Inline)]
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

        // The split treats NaN as a number; the product of NaN with 0 stays NaN.
        f = TLanes.MultiplyAdd(value, TLanes.Create(0f), f);
        return f + TLanes.MultiplyAdd(p * f, square, square * TLanes.Create(-0.5f));
    }

    /// <summary>
    /// ln(sum / 2^power) as the sum of a high and a low number, for a sum of exponentials that were shifted by a whole power;
    /// <paramref name="lowOfLn2"/> is 0 if they were computed with ln 2 as one float.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes OfShifted(TLanes sum, TLanes power, float lowOfLn2, out TLanes low)
    {
        var logarithm = TLanes.LogarithmOfMantissa(sum, out var powerOfSum);
        power -= powerOfSum;

        // The product is 0, or no smaller than what it is subtracted from. Therefore these few operations give the rounding error of the
        // difference.
        var product = power * TLanes.Create(NaturalLogarithmOfTwo.High);
        var lost = TLanes.MultiplyAdd(power, TLanes.Create(-NaturalLogarithmOfTwo.High), product);
        lost = TLanes.MultiplyAdd(power, TLanes.Create(-lowOfLn2), lost);
        var high = logarithm - product;
        low = lost + (logarithm - (high + product));
        return high;
    }
}
