using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>The columns and the fit of matrix scaling or Dirichlet calibration.</summary>
public sealed class MatrixScalingCalibratorOptions : CalibratorOptions
{
    /// <summary>How the fit is made.</summary>
    public MatrixScalingOptions Fit { get; } = new();
}
