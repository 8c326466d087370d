namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>How a bootstrap is run.</summary>
public sealed class BootstrapOptions
{
    /// <summary>How many times the rows are resampled, at least 2; 1000 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2.</exception>
    public int Resamples
    {
        get;
        set => field = value >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected at least 2 resamples.");
    } = 1000;

    /// <summary>The seed of the random draws: the same seed draws the same rows, on any number of threads. 1 by default.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The confidence level of the intervals, between 0 and 1; 0.95 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double ConfidenceLevel
    {
        get;
        set => field = NormalDistribution.CheckedLevel(value);
    } = 0.95;

    /// <summary>How many resamples are computed at a time, each with 4 bytes a row of its own; -1, the default, for all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">0 or less than -1.</exception>
    public int MaxDegreeOfParallelism
    {
        get;
        set => field = CheckedParallelism(value);
    } = -1;

    internal static int CheckedParallelism(int value) => value is > 0 or -1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected -1 for all cores, or at least 1.");

    internal BootstrapOptions Copy() => (BootstrapOptions)MemberwiseClone();
}
