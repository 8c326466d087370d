using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Fits a <see cref="DirichletCalibratorTransformer"/>: adds softmax(W ln p + b).</summary>
public sealed class DirichletCalibratorEstimator : CalibratorEstimator<DirichletCalibratorTransformer>
{
    private readonly MatrixScalingOptions _options;

    internal DirichletCalibratorEstimator(IHostEnvironment environment, MatrixScalingCalibratorOptions options)
        : base(environment, options) => _options = options.Fit;

    private protected override DirichletCalibratorTransformer Calibrate(CalibrationRows rows, CalibratedColumns columns, IChannel channel)
    {
        var fit = DirichletCalibration.Fit(rows, _options);
        CalibrationWarnings.Write(channel, fit.Fit, "Dirichlet calibration");
        return new DirichletCalibratorTransformer(columns, fit);
    }
}
