using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>log2(e) / T as the sum of two floats, so that a temperature costs nothing and loses nothing.</summary>
internal readonly record struct ExponentScale
{
    /// <summary>2 to this power comes out as exactly 0: it has no bit set.</summary>
    public const float PowerOfZero = -127f;

    // Rows whose largest score, in units of ln 2, is beyond this are shifted by that score first. The rounders keep steps of 1/16 for
    // numbers up to four times as large.
    private const float WidestShift = 32_768f;

    private readonly float inverse;

    public ExponentScale(float temperature)
    {
        var exact = 1.4426950408889634 / temperature;
        High = (float)exact;
        Low = (float)(exact - High);
        Lowest = -2f * WidestShift / High;
        FarthestUnshifted = WidestShift / High;
        inverse = 1f / High;
        IsOne = temperature == 1f;
        (Linear, Square, Cubic) = (Lanes512.Linear, Lanes512.Square, Lanes512.Cubic);
    }

    /// <summary>The scale of a temperature, with the usual one at hand.</summary>
    public static ExponentScale For(float temperature) => temperature == 1f ? One : new ExponentScale(temperature);

    private static readonly ExponentScale One = new(1f);

    public float High { get; }

    public float Low { get; }

    /// <summary>
    /// The coefficients of 2^r that <see cref="Lanes512"/> has. Here they are no constants to the compiler, which would load those anew for
    /// every use, and it is loads that the kernels run out of first.
    /// </summary>
    public float Linear { get; }

    /// <summary>See <see cref="Linear"/>.</summary>
    public float Square { get; }

    /// <summary>See <see cref="Linear"/>.</summary>
    public float Cubic { get; }

    /// <summary>Whether the temperature is 1.</summary>
    public bool IsOne { get; }

    /// <summary>A score that is 0 after the exponential in any row. Lower ones, -infinity too, are raised to it.</summary>
    public float Lowest { get; }

    /// <summary>
    /// Up to this magnitude of a row's largest score the rounding of z log2(e) / T is exact. Beyond it the scores that matter are within a
    /// factor of 2 of the largest, so that subtracting it first is exact.
    /// </summary>
    public float FarthestUnshifted { get; }

    /// <summary>Up to this magnitude of a difference of scores its exponential and the reciprocal of that are normal numbers.</summary>
    public float FarthestNormal => 125.9f * inverse;

    /// <summary>False for a temperature so extreme that these floats would overflow or lose digits.</summary>
    public static bool Covers(float temperature) => temperature is > 1e-30f and < 1e30f;

    /// <summary>A score whose exponential, times 2^<paramref name="power"/>, comes out as exactly 0. Lower ones are raised to it.</summary>
    public float Floor(float power) => (PowerOfZero - power) * inverse;
}

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

    /// <summary>What a sum of exponentials that were shifted so stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Describe(double sum, out RowSum result)
    {
        result.Value = sum;
        result.Excess = LogNormalizer.Excess(Power);
        result.Offset = Offset;
    }
}

/// <summary>1 / T as the sum of two floats.</summary>
internal readonly record struct Reciprocal
{
    public Reciprocal(float temperature)
    {
        var exact = 1.0 / temperature;
        High = (float)exact;
        Low = (float)(exact - High);
    }

    public float High { get; }

    public float Low { get; }
}

/// <summary>ln 2, and the two floats that make it up.</summary>
internal static class NaturalLogarithmOfTwo
{
    public const double Value = 0.6931471805599453;

    /// <summary>Too large by 2.8e-9 of itself.</summary>
    public const float High = (float)Value;

    public const float Low = (float)(Value - High);
}
