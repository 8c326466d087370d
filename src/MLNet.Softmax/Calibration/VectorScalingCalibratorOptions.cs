using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax;

/// <summary>The columns and the fit of vector scaling.</summary>
public sealed class VectorScalingCalibratorOptions : CalibratorOptions
{
    /// <summary>How the fit is made.</summary>
    public VectorScalingOptions Fit { get; } = new();
}
