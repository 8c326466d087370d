using System.Collections.Immutable;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Fitted vector scaling. Probabilities are <c>softmax(Weights * logits + Intercepts)</c>, element by element.</summary>
/// <param name="Weights">One factor a class.</param>
/// <param name="Intercepts">One summand a class.</param>
/// <param name="Fit">How the fit went.</param>
public sealed record VectorScalingFit(ImmutableArray<double> Weights, ImmutableArray<double> Intercepts, ScalingFit Fit);
