using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// What a row's scores are shifted by: exp(z / T) = e * exp(Offset / T) / 2^Power, with e about 2^<see cref="Top"/> for the largest.
/// </summary>
/// <param name="Offset">Subtracted from every score; 0 but for rows of extreme magnitude.</param>
/// <param name="Power">A whole number, added to every exponent of 2.</param>
internal readonly record struct RowShift(float Offset, float Power)
{
    /// <summary>
    /// So high that whatever is a float once it is divided by the sum was a normal number before, so that the result is the same for any
    /// shift, and so low that no sum of a row overflows.
    /// </summary>
    public const int Top = 64;

    /// <summary>What the sum must reach after a shift that was guessed, for the same.</summary>
    public const float SmallestSum = 1 << 26;

    /// <summary>
    /// 2^116, what the sum of up to 256 exponentials may not exceed after a
    /// shift that was guessed: the shift was then too far off by 52 or less.
    /// </summary>
    public const float LargestSum = 83076749736557242056487941267521536f;

    /// <summary>
    /// What no exponent may exceed after a shift that was guessed, where one of more than 127 would come out as anything.
    /// </summary>
    public const float LargestPower = 96f;

    /// <summary>The shift for a row whose largest score is finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static RowShift For(float maximum, in ExponentScale scale)
        => Math.Abs(maximum) <= scale.FarthestUnshifted
            ? new RowShift(0f, Top - MathF.Round(maximum * scale.High))
            : new RowShift(maximum, Top);
}
