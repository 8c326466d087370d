namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Whether the confidence of the predicted class can be believed: reliability bins over the top probability, and the expected and the
/// maximum calibration error computed from them.
/// </summary>
/// <remarks>
/// Guo et al., "On Calibration of Modern Neural Networks" (2017). The estimate depends on the bins and leans upward for few
/// rows; quote the bins with it.
/// </remarks>
public sealed class TopLabelCalibration : IOutcomeAccumulator<TopLabelCalibration>
{
    private readonly BinTable _table;

    /// <summary>Starts with no rows.</summary>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    public TopLabelCalibration(BinLayout? layout = null) => _table = new BinTable(1, layout ?? BinLayout.Default);

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

    /// <summary>Computes the calibration of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    /// <returns>The filled bins.</returns>
    public static TopLabelCalibration Compute(ProbabilityBlock block, BinLayout? layout = null) =>
        RowOutcomes.Feed(new TopLabelCalibration(layout), block);

    /// <summary>The bins of the reliability diagram, empty ones included.</summary>
    /// <param name="level">The confidence level of the Wilson intervals, between 0 and 1.</param>
    /// <returns>One entry a bin, by rising probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ReliabilityBin[] ToBins(double level = 0.95) => _table.ToBins(0, level);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _table.Add(0, outcome.TopProbability, outcome.Weight, outcome.CorrectWeight);
    }

    /// <inheritdoc/>
    public void Merge(TopLabelCalibration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeGuard.SameBins(Layout, other.Layout);
        _table.Merge(other._table);
    }
}
