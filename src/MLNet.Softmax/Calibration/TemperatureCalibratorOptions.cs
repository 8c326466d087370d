using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>The columns and the fit of a temperature.</summary>
public sealed class TemperatureCalibratorOptions : CalibratorOptions
{
    /// <summary>How the fit is made.</summary>
    public TemperatureFitOptions Fit { get; } = new();
}
