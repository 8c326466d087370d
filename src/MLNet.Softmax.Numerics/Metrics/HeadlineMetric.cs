namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The figures that sum a model up in one number each, and that the bootstrap gives intervals for.</summary>
public enum HeadlineMetric
{
    /// <summary><see cref="Metrics.LogLoss.Mean"/>: lower is better.</summary>
    LogLoss,

    /// <summary><see cref="Metrics.LogLoss.Reduction"/>: higher is better.</summary>
    LogLossReduction,

    /// <summary><see cref="Metrics.BrierScore.Mean"/>: lower is better.</summary>
    BrierScore,

    /// <summary><see cref="Accuracy.Micro"/>: higher is better.</summary>
    MicroAccuracy,

    /// <summary><see cref="Accuracy.Macro"/>: higher is better.</summary>
    MacroAccuracy,

    /// <summary><see cref="Precision.Macro"/>: higher is better.</summary>
    MacroPrecision,

    /// <summary><see cref="F1Score.Macro"/>: higher is better.</summary>
    MacroF1,

    /// <summary><see cref="Metrics.MatthewsCorrelation.Compute"/>: higher is better.</summary>
    MatthewsCorrelation,

    /// <summary><see cref="Metrics.CohenKappa.Compute"/>: higher is better.</summary>
    CohenKappa,

    /// <summary><see cref="TopLabelCalibration.ExpectedError"/>: lower is better.</summary>
    ExpectedCalibrationError,

    /// <summary><see cref="TopLabelCalibration.MaximumError"/>: lower is better.</summary>
    MaximumCalibrationError,

    /// <summary><see cref="RiskCoverage.Area"/>: lower is better.</summary>
    RiskCoverageArea,
}
