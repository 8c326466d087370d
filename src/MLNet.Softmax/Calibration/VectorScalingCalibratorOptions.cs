using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>The columns and the fit of vector scaling.</summary>
public sealed class VectorScalingCalibratorOptions : CalibratorOptions
{
    /// <summary>How the fit is made.</summary>
    public VectorScalingOptions Fit { get; } = new();
}
