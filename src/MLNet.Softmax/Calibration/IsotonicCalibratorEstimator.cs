using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Fits an <see cref="IsotonicCalibratorTransformer"/>: each class's probability through a monotone curve, then renormalised.</summary>
public sealed class IsotonicCalibratorEstimator : CalibratorEstimator<IsotonicCalibratorTransformer>
{
    private readonly IsotonicOptions _options;

    internal IsotonicCalibratorEstimator(IHostEnvironment environment, IsotonicCalibratorOptions options)
        : base(environment, options) => _options = options.Fit;

    private protected override IsotonicCalibratorTransformer Calibrate(CalibrationRows rows, CalibratedColumns columns, IChannel channel) =>
        new(columns, IsotonicCalibration.Fit(rows, _options));
}
