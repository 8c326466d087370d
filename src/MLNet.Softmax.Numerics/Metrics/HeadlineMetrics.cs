namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>All that can be accumulated from outcomes in constant memory and without the classes x classes confusion counts.</summary>
public sealed class HeadlineMetrics : IOutcomeAccumulator<HeadlineMetrics>
{
    /// <summary>How many figures <see cref="HeadlineMetric"/> names.</summary>
    public const int Count = (int)HeadlineMetric.RiskCoverageArea + 1;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <param name="layout">The bins of the calibration error; 15 bins (lower, upper] where null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is less than 1.</exception>
    public HeadlineMetrics(int classCount, BinLayout? layout = null)
    {
        LogLoss = new LogLoss(classCount);
        Totals = new ClassTotals(classCount);
        Calibration = new TopLabelCalibration(layout);
    }

    /// <summary>The loss, overall and per class.</summary>
    public LogLoss LogLoss { get; }

    /// <summary>The Brier score.</summary>
    public BrierScore BrierScore { get; } = new();

    /// <summary>What accuracy, precision, recall, F1, Matthews correlation and kappa are computed from.</summary>
    public ClassTotals Totals { get; }

    /// <summary>The reliability bins of the top label and their errors.</summary>
    public TopLabelCalibration Calibration { get; }

    /// <summary>The risk-coverage curve.</summary>
    public RiskCoverage RiskCoverage { get; } = new();

    /// <summary>One of the figures.</summary>
    /// <param name="metric">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such figure.</exception>
    public double this[HeadlineMetric metric] => metric switch
    {
        HeadlineMetric.LogLoss => LogLoss.Mean,
        HeadlineMetric.LogLossReduction => LogLoss.Reduction,
        HeadlineMetric.BrierScore => BrierScore.Mean,
        HeadlineMetric.MicroAccuracy => Accuracy.Micro(Totals),
        HeadlineMetric.MacroAccuracy => Accuracy.Macro(Totals),
        HeadlineMetric.MacroPrecision => Precision.Macro(Totals),
        HeadlineMetric.MacroF1 => F1Score.Macro(Totals),
        HeadlineMetric.MatthewsCorrelation => MatthewsCorrelation.Compute(Totals),
        HeadlineMetric.CohenKappa => CohenKappa.Compute(Totals),
        HeadlineMetric.ExpectedCalibrationError => Calibration.ExpectedError,
        HeadlineMetric.MaximumCalibrationError => Calibration.MaximumError,
        HeadlineMetric.RiskCoverageArea => RiskCoverage.Area,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric."),
    };

    /// <summary>Whether more of a figure is better.</summary>
    /// <param name="metric">Which figure.</param>
    /// <returns>True for accuracies and correlations, false for losses and errors.</returns>
    public static bool IsHigherBetter(HeadlineMetric metric) => metric is not (
        HeadlineMetric.LogLoss or HeadlineMetric.BrierScore or HeadlineMetric.ExpectedCalibrationError
        or HeadlineMetric.MaximumCalibrationError or HeadlineMetric.RiskCoverageArea);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        LogLoss.Add(outcomes);
        BrierScore.Add(outcomes);
        Totals.Add(outcomes);
        Calibration.Add(outcomes);
        RiskCoverage.Add(outcomes);
    }

    /// <inheritdoc/>
    public void Merge(HeadlineMetrics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        LogLoss.Merge(other.LogLoss);
        BrierScore.Merge(other.BrierScore);
        Totals.Merge(other.Totals);
        Calibration.Merge(other.Calibration);
        RiskCoverage.Merge(other.RiskCoverage);
    }

    /// <summary>All figures.</summary>
    /// <param name="values">Receives one value per <see cref="HeadlineMetric"/>, in that order; at least <see cref="Count"/> long.</param>
    /// <exception cref="ArgumentException"><paramref name="values"/> is too short.</exception>
    public void CopyTo(Span<double> values)
    {
        if (values.Length < Count)
            throw new ArgumentException($"{Count} figures need as much room, found {values.Length}.", nameof(values));
        for (var index = 0; index < Count; index++)
            values[index] = this[(HeadlineMetric)index];
    }
}
