namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What the fits of more than one parameter have in common.</summary>
public abstract class ScalingFitOptions : FitOptions
{
    private protected ScalingFitOptions()
    {
    }

    /// <summary>The most L-BFGS steps; 1,000 unless set.</summary>
    public int MaximumIterations { get; set; } = 1000;

    /// <summary>The fit has converged when no component of the mean loss's gradient, in the parameters of standardised logits, is larger;
    /// 1e-5 unless set.</summary>
    public double GradientTolerance { get; set; } = 1e-5;

    /// <summary>
    /// Folds of the cross-validation that compares this calibrator with a temperature alone, 2 or more; 0 leaves it out. 5 unless
    /// set. It costs as many further fits.
    /// </summary>
    public int CrossValidationFolds { get; set; } = 5;

    internal virtual void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
        if (!(GradientTolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(GradientTolerance), GradientTolerance, "The gradient tolerance must be above 0.");
        if (CrossValidationFolds is < 0 or 1)
            throw new ArgumentOutOfRangeException(nameof(CrossValidationFolds), CrossValidationFolds, "Expected 0 (none) or at least 2 folds.");
    }

    private protected static void CheckStrength(double strength, string name)
    {
        if (!(double.IsFinite(strength) && strength >= 0))
            throw new ArgumentOutOfRangeException(name, strength, "A regularization strength must be finite and at least 0.");
    }
}
