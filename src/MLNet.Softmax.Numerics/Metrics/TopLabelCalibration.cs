namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Whether the confidence in the predicted class is justified: reliability bins over the top probability, and the expected and the
/// maximum calibration error computed from them.
/// </summary>
/// <remarks>
/// Guo et al., "On Calibration of Modern Neural Networks" (2017). The estimate depends on the bins and leans upward for few
/// rows; quote the bins with it.
/// </remarks>
public sealed class TopLabelCalibration
{
    private readonly BinTable _table;

    internal TopLabelCalibration(BinLayout layout) => _table = new BinTable(1, layout);

    /// <summary>The bins.</summary>
    public BinLayout Layout => _table.Layout;

    /// <summary>
    /// The mean over rows of the gap between confidence and accuracy of the row's bin, from 0 to 1; NaN where no row has weight.
    /// </summary>
    public double ExpectedError => _table.ExpectedError(0);

    /// <summary>The widest gap of any bin that has rows, however few; NaN where no row has weight.</summary>
    public double MaximumError => _table.MaximumError(0);

    /// <summary>
    /// The mean confidence: above the accuracy, the model claims too much; below it, too little. NaN where no row has weight.
    /// </summary>
    public double MeanConfidence => _table.MeanProbability(0);

    /// <summary>Computes the calibration of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    /// <returns>The filled bins.</returns>
    public static TopLabelCalibration Compute(ProbabilityBlock block, BinLayout? layout = null)
    {
        var calibration = new TopLabelCalibration(layout ?? BinLayout.Default);
        RowOutcome.Feed(block, calibration.Add);
        return calibration;
    }

    /// <summary>The bins of the reliability diagram, empty ones included.</summary>
    /// <param name="level">The confidence level of the Wilson intervals, between 0 and 1.</param>
    /// <returns>One entry a bin, by rising probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ReliabilityBin[] ToBins(double level = 0.95) => _table.ToBins(0, level);

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _table.Add(0, outcome.TopProbability, outcome.Weight, outcome.CorrectWeight);
    }

    internal void Merge(TopLabelCalibration other) => _table.Merge(other._table);
}
