using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Fits a <see cref="MatrixScalingCalibratorTransformer"/>: adds softmax(Wz + b).</summary>
public sealed class MatrixScalingCalibratorEstimator : CalibratorEstimator<MatrixScalingCalibratorTransformer>
{
    private readonly MatrixScalingOptions _options;

    internal MatrixScalingCalibratorEstimator(IHostEnvironment environment, MatrixScalingCalibratorOptions options)
        : base(environment, options) => _options = options.Fit;

    private protected override MatrixScalingCalibratorTransformer Calibrate(CalibrationRows rows, CalibratedColumns columns, IChannel channel)
    {
        var fit = MatrixScaling.Fit(rows, _options);
        CalibrationWarnings.Write(channel, fit.Fit, "Matrix scaling");
        return new MatrixScalingCalibratorTransformer(columns, fit);
    }
}
