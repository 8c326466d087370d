using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>What a row's scores are shifted by: exp(z / T) = e * exp(Offset / T) / 2^Power, with e between 1 and 8 for the largest.</summary>
/// <param name="Offset">Subtracted from every score; 0 but for rows of extreme magnitude.</param>
/// <param name="Power">A whole number, added to every exponent of 2.</param>
internal readonly record struct RowShift(float Offset, float Power)
{
    /// <summary>Keeps e a normal number wherever the probability is one.</summary>
    public const int Headroom = 2;

    /// <summary>The shift for a row whose largest score is finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RowShift For(float maximum, in ExponentScale scale)
        => Math.Abs(maximum) <= scale.FarthestUnshifted
            ? new RowShift(0f, Headroom - MathF.Round(maximum * scale.High))
            : new RowShift(maximum, Headroom);
}
