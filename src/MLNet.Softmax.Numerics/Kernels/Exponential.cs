using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>exp(z / T) as p * 2^n: the one exponential that all kernels share.</summary>
/// <remarks>
/// <para>
/// With s = log2(e) / T, exp(z / T) = 2^(z s). Write z s = n + r with n whole and r in [-1/2, 1/2]: n comes from adding and subtracting
/// 1.5 * 2^23, which rounds to a whole number, and r = (z s_high - n) + z s_low in two fused operations, so the argument keeps about 45 bits.
/// A row never needs z - max: with n_max the n of its largest score, 2^(n - n_max) is at most 1, and n - n_max is exact.
/// </para>
/// <para>
/// 2^r = 1 + r q(r), q of degree 5: the minimax fit of the relative error over [-1/2, 1/2], found by linear programming with the coefficients
/// rounded to floats one after the other, lowest first, refitting the rest each time. Measured over every float in [-104, 0] at T = 1
/// against Math.Exp: a relative error of at most 8.4e-8 where the result is at least 2^-126. Below, results go to 0, without a slow path.
/// </para>
/// </remarks>
internal static class Exponential<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const float RoundToWhole = 12_582_912f;

    /// <summary>Splits z s into its nearest whole number n, of which it gives -n, and the rest r.</summary>
    [MethodImpl(Inline)]
    public static TLanes Reduce(TLanes score, TLanes high, TLanes low, out TLanes minusWhole)
    {
        var magic = TLanes.Create(RoundToWhole);
        minusWhole = magic - TLanes.MultiplyAdd(score, high, magic);
        return TLanes.MultiplyAdd(score, low, TLanes.MultiplyAdd(score, high, minusWhole));
    }

    /// <summary>2^r for r in [-1/2, 1/2].</summary>
    [MethodImpl(Inline)]
    public static TLanes PowerOfTwo(TLanes rest)
    {
        var result = TLanes.MultiplyAdd(rest, TLanes.Create(0.00015326471475418657f), TLanes.Create(0.0013390806270763278f));
        result = TLanes.MultiplyAdd(result, rest, TLanes.Create(0.009618505835533142f));
        result = TLanes.MultiplyAdd(result, rest, TLanes.Create(0.05550359934568405f));
        result = TLanes.MultiplyAdd(result, rest, TLanes.Create(0.24022647738456726f));
        result = TLanes.MultiplyAdd(result, rest, TLanes.Create(0.6931471824645996f));
        return TLanes.MultiplyAdd(result, rest, TLanes.Create(1f));
    }

    /// <summary>exp(z / T) * 2^power, for z that are at least <see cref="ExponentScale.Lowest"/>. NaN stays NaN.</summary>
    [MethodImpl(Inline)]
    public static TLanes Scaled(TLanes score, TLanes high, TLanes low, TLanes power)
    {
        var rest = Reduce(score, high, low, out var minusWhole);
        return TLanes.Scale(PowerOfTwo(rest), power - minusWhole);
    }
}
