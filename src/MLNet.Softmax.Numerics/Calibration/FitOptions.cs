namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What the fits of all calibrators have in common. Isotonic calibration has no other options.</summary>
public class FitOptions
{
    /// <summary>
    /// The fewest usable rows that are accepted, whatever their weights; fewer raise an error. At least 1; 30 unless set.
    /// </summary>
    public int MinimumRows { get; set; } = 30;

    /// <summary>
    /// What each class counts in the loss, by class index: finite, at least 0. It multiplies the weights of the rows. Null, the default,
    /// counts all classes alike.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights { get; set; }
}

/// <summary>How a temperature is fitted.</summary>
public sealed class TemperatureScalingOptions : FitOptions
{
    private const double DefaultMinimumTemperature = 1e-4;

    /// <summary>A temperature to use unchanged, finite and above 0: nothing is searched, the losses are still measured.</summary>
    public double? FixedTemperature { get; set; }

    /// <summary>
    /// The lowest temperature searched, above 0; 1e-4 unless set. Set it to 1 to only ever soften. Rows that are perfectly separable
    /// have no best temperature and are refused, unless this was raised: then it is the answer, and the outcome says so.
    /// </summary>
    public double MinimumTemperature { get; set; } = DefaultMinimumTemperature;

    /// <summary>The highest temperature searched, above <see cref="MinimumTemperature"/>; 1e4 unless set.</summary>
    public double MaximumTemperature { get; set; } = 1e4;

    /// <summary>The most passes over the rows; 60 unless set, while 4 to 8 are usual.</summary>
    public int MaximumIterations { get; set; } = 60;

    internal bool MinimumIsRaised => MinimumTemperature > DefaultMinimumTemperature;

    internal void Validate()
    {
        Guard.Require(FixedTemperature is not { } t || IsPositive(t), FixedTemperature, "A temperature must be finite and above 0.");
        Guard.Require(IsPositive(MinimumTemperature), MinimumTemperature, "The lowest temperature must be finite and above 0.");
        Guard.Require(
            double.IsFinite(MaximumTemperature) && MaximumTemperature > MinimumTemperature, MaximumTemperature,
            $"The highest temperature must be finite and above the lowest, {MinimumTemperature}.");
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
    }

    private static bool IsPositive(double temperature) => double.IsFinite(temperature) && temperature > 0;
}

/// <summary>
/// How vector scaling, matrix scaling and Dirichlet calibration are fitted. The penalties are those of off-diagonal and intercept
/// regularization (ODIR, M. Kull et al., "Beyond temperature scaling", 2019), with a third strength for the diagonal.
/// </summary>
public sealed class ScalingOptions : FitOptions
{
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

    /// <summary>
    /// The strength, at least 0, that draws each class's own weight towards the inverse of the fitted temperature: the objective gains
    /// strength times the mean square of <c>W_kk - 1/T</c>. It keeps a fit finite on rows that the weights could separate. Null, the
    /// default, is 0.001 for vector scaling and 0.01 for a matrix.
    /// </summary>
    public double? DiagonalRegularization { get; set; }

    /// <summary>
    /// The strength, at least 0, that draws the other elements of a matrix towards 0: it multiplies their mean square. 3 unless set. Vector
    /// scaling has no such elements.
    /// </summary>
    public double OffDiagonalRegularization { get; set; } = 3;

    /// <summary>
    /// The strength, at least 0, that draws the intercepts towards 0: it multiplies their mean square. Null, the default, is 0.001 for
    /// vector scaling and 0.01 for a matrix.
    /// </summary>
    public double? InterceptRegularization { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumIterations, 1);
        Guard.Require(GradientTolerance > 0, GradientTolerance, "The gradient tolerance must be above 0.");
        Guard.Require(CrossValidationFolds is 0 or > 1, CrossValidationFolds, "Expected 0 (none) or at least 2 folds.");
        CheckStrength(DiagonalRegularization ?? 0, nameof(DiagonalRegularization));
        CheckStrength(OffDiagonalRegularization, nameof(OffDiagonalRegularization));
        CheckStrength(InterceptRegularization ?? 0, nameof(InterceptRegularization));
    }

    private static void CheckStrength(double strength, string name) => Guard.Require(
        double.IsFinite(strength) && strength >= 0, strength, "A regularization strength must be finite and at least 0.", name);
}
