namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What all fits of a calibrator have in common.</summary>
public abstract class FitOptions
{
    private protected FitOptions()
    {
    }

    /// <summary>The fewest usable rows that are accepted; fewer raise an error. At least 1; 30 unless set.</summary>
    public int MinimumRows { get; set; } = 30;

    /// <summary>
    /// What a row of each class counts in the loss, by class index: finite, at least 0. Null, the default, counts all alike.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights { get; set; }
}
