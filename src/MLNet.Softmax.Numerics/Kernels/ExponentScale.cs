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
