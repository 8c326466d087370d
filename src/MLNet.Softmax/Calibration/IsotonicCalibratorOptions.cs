using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>The columns and the fit of isotonic calibration.</summary>
public sealed class IsotonicCalibratorOptions : CalibratorOptions
{
    /// <summary>How the fit is made.</summary>
    public IsotonicOptions Fit { get; } = new();
}
