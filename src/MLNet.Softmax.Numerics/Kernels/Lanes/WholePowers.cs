using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>2^x by whole powers and a polynomial, for vectors without a table.</summary>
/// <remarks>
/// 2^r - 1 = r q(r) for r in [-1/2, 1/2], q of degree 5: the minimax fit of the relative error of 2^r, found by linear programming with the
/// coefficients rounded to floats one after the other, lowest first, refitting the rest each time.
/// </remarks>
internal static class WholePowers
{
    /// <summary>1.5 * 2^23: what is added to it is rounded to a whole number.</summary>
    public const float Rounder = 12_582_912f;

    /// <summary>Added to x shifted to where a float has its exponent, gives the bits of 2^x.</summary>
    public const int BitsOfOne = 127 << 23;

    /// <summary>z s = n + r, n a whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Reduce<TLanes>(TLanes score, TLanes high, TLanes low, TLanes rounder, out TLanes rounded)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        rounded = TLanes.MultiplyAdd(score, high, rounder);
        return TLanes.MultiplyAdd(score, low, TLanes.MultiplyAdd(score, high, rounder - rounded));
    }

    /// <summary>The power times 2^r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
