using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Fits a <see cref="TemperatureCalibratorTransformer"/>: adds softmax(z / T) with the T of greatest likelihood.</summary>
public sealed class TemperatureCalibratorEstimator : CalibratorEstimator<TemperatureCalibratorTransformer>
{
    private readonly TemperatureFitOptions _options;

    internal TemperatureCalibratorEstimator(IHostEnvironment environment, TemperatureCalibratorOptions options)
        : base(environment, options) => _options = options.Fit;

    private protected override TemperatureCalibratorTransformer Calibrate(CalibrationRows rows, CalibratedColumns columns, IChannel channel)
    {
        var fit = TemperatureScaling.Fit(rows, _options);
        CalibrationWarnings.Write(channel, fit);
        return new TemperatureCalibratorTransformer(columns, fit);
    }
}
