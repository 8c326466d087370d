namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>log2(e) / T as the sum of two floats, so that a temperature costs neither time nor precision.</summary>
internal readonly record struct ExponentScale
{
    /// <summary>2 to this power comes out as exactly 0: it has no bit set.</summary>
    public const float PowerOfZero = -127f;

    // If the largest score of a row exceeds this, in units of ln 2, it is subtracted from all scores first. The rounders keep steps of 1/16
    // for numbers up to four times as large.
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

    /// <summary>The scale of a temperature. The one for temperature 1 is cached.</summary>
    public static ExponentScale For(float temperature) => temperature == 1f ? One : new ExponentScale(temperature);

    private static readonly ExponentScale One = new(1f);

    public float High { get; }
    public float Low { get; }

    /// <summary>
    /// The coefficients of 2^r of <see cref="Lanes512"/>. They are not constants here: the compiler would load constants again for every
    /// use, and loads are the bottleneck of the kernels.
    /// </summary>
    public float Linear { get; }
    public float Square { get; }
    public float Cubic { get; }

    /// <summary>Whether the temperature is 1.</summary>
    public bool IsOne { get; }

    /// <summary>A score that is 0 after the exponential in any row. Lower ones, -infinity too, are raised to it.</summary>
    public float Lowest { get; }

    /// <summary>
    /// Up to this magnitude of a row's largest score, the rounding of z log2(e) / T is exact. Beyond it, the scores that matter are within
    /// a factor of 2 of the largest, so subtracting it first is exact.
    /// </summary>
    public float FarthestUnshifted { get; }

    /// <summary>Up to this magnitude, the exponential of a difference of scores and its reciprocal are normal numbers.</summary>
    public float FarthestNormal => 125.9f * inverse;

    /// <summary>False if the temperature is so extreme that these floats would overflow or lose precision.</summary>
    public static bool Covers(float temperature) => temperature is > 1e-30f and < 1e30f;

    /// <summary>A score whose exponential, times 2^<paramref name="power"/>, comes out as exactly 0. Lower ones are raised to it.</summary>
    public float Floor(float power) => (PowerOfZero - power) * inverse;
}

/// <summary>
/// The shift of a row's scores: exp(z / T) = e * exp(Offset / T) / 2^Power, with e about 2^<see cref="Top"/> for the largest.
/// </summary>
/// <param name="Offset">Subtracted from every score; 0 except for rows of extreme magnitude.</param>
/// <param name="Power">A whole number, added to every exponent of 2.</param>
internal readonly record struct RowShift(float Offset, float Power)
{
    /// <summary>
    /// High enough that every probability that fits in a float comes from a normal number, so the result is the same for any shift; low
    /// enough that no sum of a row overflows.
    /// </summary>
    public const int Top = 64;

    /// <summary>The minimum of the sum after a guessed shift, for the same reason.</summary>
    public const float SmallestSum = 1 << 26;

    /// <summary>
    /// 2^116, the maximum of the sum of up to 256 exponentials after a guessed shift: the shift was then off by at most 52.
    /// </summary>
    public const float LargestSum = 83076749736557242056487941267521536f;

    /// <summary>
    /// The maximum of any exponent after a guessed shift. An exponent above 127 would give a meaningless result.
    /// </summary>
    public const float LargestPower = 96f;

    /// <summary>The shift for a row whose largest score is finite.</summary>
    [MethodImpl(Hot.Inline)]
    public static RowShift For(float maximum, in ExponentScale scale)
        => Math.Abs(maximum) <= scale.FarthestUnshifted
            ? new RowShift(0f, Top - MathF.Round(maximum * scale.High))
            : new RowShift(maximum, Top);

    /// <summary>Describes the row's log-sum-exp from the sum of its shifted exponentials.</summary>
    [MethodImpl(Hot.Inline)]
    public void Describe(double sum, out RowSum result)
    {
        result.Value = sum;
        result.Excess = LogNormalizer.Excess(Power);
        result.Offset = Offset;
    }
}

/// <summary>1 / T as the sum of two floats.</summary>
internal readonly struct Reciprocal(float temperature)
{
    public readonly float High = (float)(1.0 / temperature);
    public readonly float Low = (float)((1.0 / temperature) - (float)(1.0 / temperature));
}

/// <summary>ln 2, and the two floats that make it up.</summary>
internal static class NaturalLogarithmOfTwo
{
    public const double Value = 0.6931471805599453;

    /// <summary>Its relative error is +2.8e-9.</summary>
    public const float High = (float)Value;

    public const float Low = (float)(Value - High);
}
