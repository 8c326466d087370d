namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How a temperature is fitted.</summary>
public sealed class TemperatureFitOptions : FitOptions
{
    private const double DefaultMinimumTemperature = 1e-4;

    /// <summary>A temperature to use as it is, finite and above 0: nothing is searched, the losses are still measured.</summary>
    public double? FixedTemperature { get; set; }

    /// <summary>
    /// The lowest temperature searched, above 0; 1e-4 unless set. Set it to 1 to only ever soften. Rows that are perfectly separable
    /// have no best temperature and are refused, unless this was raised: then it is the answer, and the outcome says so.
    /// </summary>
    public double MinimumTemperature { get; set; } = DefaultMinimumTemperature;

    /// <summary>The highest temperature searched, above <see cref="MinimumTemperature"/>; 1e4 unless set.</summary>
    public double MaximumTemperature { get; set; } = 1e4;

    /// <summary>The most passes over the rows; 60 unless set, while 4 to 8 are usual.</summary>
    public int MaximumIterations { get; set; } = 60;

    internal bool MinimumIsRaised => MinimumTemperature > DefaultMinimumTemperature;

    internal void Validate()
    {
        if (FixedTemperature is { } t && !(double.IsFinite(t) && t > 0))
            throw new ArgumentOutOfRangeException(nameof(FixedTemperature), t, "A temperature must be finite and above 0.");
        if (!(double.IsFinite(MinimumTemperature) && MinimumTemperature > 0))
            throw new ArgumentOutOfRangeException(nameof(MinimumTemperature), MinimumTemperature, "The lowest temperature must be finite and above 0.");
        if (!(double.IsFinite(MaximumTemperature) && MaximumTemperature > MinimumTemperature))
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaximumTemperature), MaximumTemperature, $"The highest temperature must be finite and above the lowest, {MinimumTemperature}.");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
    }
}
