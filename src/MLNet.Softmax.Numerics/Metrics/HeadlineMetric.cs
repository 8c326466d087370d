using System.Text;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The metrics that summarise a model in one number each. The bootstrap gives intervals for them.</summary>
public enum HeadlineMetric
{
    /// <summary><see cref="Metrics.LogLoss.Mean"/>: lower is better.</summary>
    LogLoss,

    /// <summary><see cref="Metrics.LogLoss.Reduction"/>: higher is better.</summary>
    LogLossReduction,

    /// <summary><see cref="Metrics.BrierScore.Mean"/>: lower is better.</summary>
    BrierScore,

    /// <summary><see cref="ClassificationMetrics.MicroAccuracy"/>: higher is better.</summary>
    MicroAccuracy,

    /// <summary><see cref="ClassificationMetrics.MacroAccuracy"/>: higher is better.</summary>
    MacroAccuracy,

    /// <summary><see cref="ClassificationMetrics.MacroPrecision"/>: higher is better.</summary>
    MacroPrecision,

    /// <summary><see cref="ClassificationMetrics.MacroF1"/>: higher is better.</summary>
    MacroF1,

    /// <summary><see cref="ClassificationMetrics.MatthewsCorrelation"/>: higher is better.</summary>
    MatthewsCorrelation,

    /// <summary><see cref="ClassificationMetrics.CohenKappa"/>: higher is better.</summary>
    CohenKappa,

    /// <summary><see cref="TopLabelCalibration.ExpectedError"/>: lower is better.</summary>
    ExpectedCalibrationError,

    /// <summary><see cref="TopLabelCalibration.MaximumError"/>: lower is better.</summary>
    MaximumCalibrationError,

    /// <summary><see cref="RiskCoverage.Area"/>: lower is better.</summary>
    RiskCoverageArea,
}

/// <summary>One metric of two models on the same rows.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Before">Its value for the first model.</param>
/// <param name="After">Its value for the second model.</param>
/// <param name="Interval">The bootstrap interval of the difference.</param>
public readonly record struct MetricDifference(HeadlineMetric Metric, double Before, double After, ConfidenceInterval Interval)
{
    /// <summary><see cref="After"/> minus <see cref="Before"/>.</summary>
    public double Difference => After - Before;

    /// <summary>Whether the interval excludes zero, so that chance alone does not explain the difference.</summary>
    public bool IsReal => Interval.Lower > 0 || Interval.Upper < 0;

    /// <summary>Whether the difference is real and the second model is better.</summary>
    public bool IsImprovement => IsReal && Difference > 0 == HeadlineMetrics.IsHigherBetter(Metric);

    private readonly bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Metric = {Metric}, Before = {Before}, After = {After}, Interval = {Interval}");
        return true;
    }
}

/// <summary>All headline metrics at once, from outcomes and in constant memory.</summary>
internal sealed class HeadlineMetrics(int classCount, BinLayout layout)
{
    public const int Count = (int)HeadlineMetric.RiskCoverageArea + 1;

    public LogLoss LogLoss { get; } = new(classCount);

    public BrierScore BrierScore { get; } = new();

    public ClassificationMetrics Classification { get; } = new(classCount);

    public TopLabelCalibration Calibration { get; } = new(layout);

    public RiskCoverage RiskCoverage { get; } = new();

    public static bool IsHigherBetter(HeadlineMetric metric) => metric is not (
        HeadlineMetric.LogLoss or HeadlineMetric.BrierScore or HeadlineMetric.ExpectedCalibrationError
        or HeadlineMetric.MaximumCalibrationError or HeadlineMetric.RiskCoverageArea);

    public static double[] Compute(ReadOnlySpan<RowOutcome> outcomes, int classCount, BinLayout layout)
    {
        var metrics = new HeadlineMetrics(classCount, layout);
        metrics.Add(outcomes);
        return metrics.ToArray();
    }

    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        LogLoss.Add(outcomes);
        BrierScore.Add(outcomes);
        Classification.Add(outcomes);
        Calibration.Add(outcomes);
        RiskCoverage.Add(outcomes);
    }

    public void Merge(HeadlineMetrics other)
    {
        LogLoss.Merge(other.LogLoss);
        BrierScore.Merge(other.BrierScore);
        Classification.Merge(other.Classification);
        Calibration.Merge(other.Calibration);
        RiskCoverage.Merge(other.RiskCoverage);
    }

    public void Transfer(StateTransfer state)
    {
        LogLoss.Transfer(state);
        BrierScore.Transfer(state);
        Classification.Transfer(state);
        Calibration.Transfer(state);
        RiskCoverage.Transfer(state);
    }

    /// <summary>One value per <see cref="HeadlineMetric"/>, in that order.</summary>
    public double[] ToArray() =>
    [
        LogLoss.Mean, LogLoss.Reduction, BrierScore.Mean, Classification.MicroAccuracy, Classification.MacroAccuracy,
        Classification.MacroPrecision, Classification.MacroF1, Classification.MatthewsCorrelation, Classification.CohenKappa,
        Calibration.ExpectedError, Calibration.MaximumError, RiskCoverage.Area,
    ];

    /// <summary>The intervals that a standard error, or the shares themselves, give; null for the other metrics.</summary>
    public ConfidenceInterval?[] StandardErrorIntervals(double level)
    {
        var intervals = new ConfidenceInterval?[Count];
        intervals[(int)HeadlineMetric.LogLoss] =
            ConfidenceInterval.OfMean(LogLoss.Mean, LogLoss.StandardError, level).Within(0, double.PositiveInfinity);
        intervals[(int)HeadlineMetric.BrierScore] =
            ConfidenceInterval.OfMean(BrierScore.Mean, BrierScore.StandardError, level).Within(0, 2);
        intervals[(int)HeadlineMetric.MicroAccuracy] = Classification.MicroAccuracyInterval(level);
        intervals[(int)HeadlineMetric.MacroAccuracy] = OfMacroAccuracy(Classification, level);
        return intervals;
    }

    /// <summary>
    /// The recalls of the classes are independent shares: the variance of their mean is the mean of their variances, divided by the number
    /// of classes.
    /// </summary>
    private static ConfidenceInterval OfMacroAccuracy(ClassificationMetrics metrics, double level)
    {
        var rowsPerWeight = metrics.EffectiveRowsPerWeight;
        var variance = 0.0;
        var classes = 0;
        for (var label = 0; label < metrics.ClassCount; label++)
        {
            var rows = metrics.LabelWeight(label) * rowsPerWeight;
            if (!(rows > 0))
                continue;
            var recall = metrics.Recall(label);
            variance += recall * (1 - recall) / rows;
            classes++;
        }

        return ConfidenceInterval.OfMean(metrics.MacroAccuracy, Math.Sqrt(variance) / classes, level).Within(0, 1);
    }
}
