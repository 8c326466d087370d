namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How vector scaling is fitted.</summary>
public sealed class VectorScalingOptions : ScalingFitOptions
{
    internal static VectorScalingOptions NoPenalty { get; } = new() { WeightRegularization = 0, InterceptRegularization = 0 };

    /// <summary>
    /// The strength, at least 0, that draws the weights towards the inverse of the fitted temperature: the objective gains strength
    /// times the mean square of <c>w_k - 1/T</c>. 0.001 unless set.
    /// </summary>
    public double WeightRegularization { get; set; } = 1e-3;

    /// <summary>The strength, at least 0, that draws the intercepts towards 0: the objective gains strength times their mean square. 0.001
    /// unless set.</summary>
    public double InterceptRegularization { get; set; } = 1e-3;

    internal override void Validate()
    {
        base.Validate();
        CheckStrength(WeightRegularization, nameof(WeightRegularization));
        CheckStrength(InterceptRegularization, nameof(InterceptRegularization));
    }
}
