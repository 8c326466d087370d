namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>How a bootstrap is run.</summary>
public sealed record BootstrapOptions
{
    private readonly int _resamples = 1000;
    private readonly double _level = 0.95;
    private readonly int _maxDegreeOfParallelism = -1;

    /// <summary>How many times the rows are drawn anew, at least 2; 1000 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2.</exception>
    public int Resamples
    {
        get => _resamples;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            _resamples = value;
        }
    }

    /// <summary>Where the random draws start: the same seed draws the same rows.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The confidence level, between 0 and 1; 0.95 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public double Level
    {
        get => _level;
        init
        {
            if (!(value > 0 && value < 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, "A confidence level lies between 0 and 1, as 0.95.");
            _level = value;
        }
    }

    /// <summary>How many resamples are worked on at a time, each with 4 bytes a row of its own; -1, the default, for all cores.</summary>
    /// <exception cref="ArgumentOutOfRangeException">0 or less than -1.</exception>
    public int MaxDegreeOfParallelism
    {
        get => _maxDegreeOfParallelism;
        init
        {
            if (value is 0 or < -1)
                throw new ArgumentOutOfRangeException(nameof(value), value, "Expected -1 for all cores, or at least 1.");
            _maxDegreeOfParallelism = value;
        }
    }
}
