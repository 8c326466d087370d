using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax;

/// <summary>How the headline metrics are called where people read them.</summary>
internal static class MetricNames
{
    public static string Of(HeadlineMetric metric) => metric switch
    {
        HeadlineMetric.LogLoss => "Log-loss",
        HeadlineMetric.LogLossReduction => "Log-loss reduction",
        HeadlineMetric.BrierScore => "Brier score",
        HeadlineMetric.MicroAccuracy => "Accuracy",
        HeadlineMetric.MacroAccuracy => "Macro accuracy",
        HeadlineMetric.MacroPrecision => "Macro precision",
        HeadlineMetric.MacroF1 => "Macro F1",
        HeadlineMetric.MatthewsCorrelation => "Matthews correlation",
        HeadlineMetric.CohenKappa => "Cohen's kappa",
        HeadlineMetric.ExpectedCalibrationError => "Expected calibration error",
        HeadlineMetric.MaximumCalibrationError => "Maximum calibration error",
        HeadlineMetric.RiskCoverageArea => "Risk-coverage area",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "There is no such headline metric."),
    };
}
