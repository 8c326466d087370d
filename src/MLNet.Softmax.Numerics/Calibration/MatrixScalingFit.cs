using System.Collections.Immutable;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Fitted matrix scaling or Dirichlet calibration. Probabilities are <c>softmax(Weights z + Intercepts)</c>, z the logits or the
/// log-probabilities.
/// </summary>
/// <param name="Weights">The square matrix, row after row: element (k, j) is what class j's score adds to class k's.</param>
/// <param name="Intercepts">One summand a class.</param>
/// <param name="Fit">How the fit went.</param>
public sealed record MatrixScalingFit(ImmutableArray<double> Weights, ImmutableArray<double> Intercepts, ScalingFit Fit);
