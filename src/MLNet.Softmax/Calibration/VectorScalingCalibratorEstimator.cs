using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Fits a <see cref="VectorScalingCalibratorTransformer"/>: adds softmax(w * z + b).</summary>
public sealed class VectorScalingCalibratorEstimator : CalibratorEstimator<VectorScalingCalibratorTransformer>
{
    private readonly VectorScalingOptions _options;

    internal VectorScalingCalibratorEstimator(IHostEnvironment environment, VectorScalingCalibratorOptions options)
        : base(environment, options) => _options = options.Fit;

    private protected override VectorScalingCalibratorTransformer Calibrate(CalibrationRows rows, CalibratedColumns columns, IChannel channel)
    {
        var fit = VectorScaling.Fit(rows, _options);
        CalibrationWarnings.Write(channel, fit.Fit, "Vector scaling");
        return new VectorScalingCalibratorTransformer(columns, fit);
    }
}
