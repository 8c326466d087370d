using System.Collections.Immutable;
using System.Text;
using MLNet.Softmax.Numerics.Notebooks;

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

    /// <summary>The most passes over the rows; 60 unless set, while 1 to 4 are usual.</summary>
    public int MaximumIterations { get; set; } = 60;

    internal bool MinimumIsRaised => MinimumTemperature > DefaultMinimumTemperature;

    internal void Validate()
    {
        Guard.Require(FixedTemperature is not { } t || IsPositive(t), FixedTemperature, "A temperature must be finite and above 0.");
        Guard.Require(IsPositive(MinimumTemperature), MinimumTemperature, "The lowest temperature must be finite and above 0.");
        Guard.Require(
            double.IsFinite(MaximumTemperature) && MaximumTemperature > MinimumTemperature, MaximumTemperature,
            string.Create(
                CultureInfo.InvariantCulture, $"The highest temperature must be finite and above the lowest, {MinimumTemperature}."));
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

/// <summary>How a fit ended.</summary>
public enum FitOutcome
{
    /// <summary>At the minimum of the objective.</summary>
    Converged,

    /// <summary>Nothing was searched: the parameters were given.</summary>
    Fixed,

    /// <summary>At the lowest temperature allowed; the loss would fall further below it.</summary>
    AtLowestTemperature,

    /// <summary>At the highest temperature allowed: the scores say nothing, or the wrong thing, about the labels.</summary>
    AtHighestTemperature,

    /// <summary>The iterations ran out before the minimum was reached.</summary>
    IterationsExhausted,

    /// <summary>The calibrated scores put every label on top and nothing holds the parameters back: there is no finite minimum.</summary>
    Separable,
}

/// <summary>A fitted temperature and how it came about. Probabilities are <c>softmax(logits / Temperature)</c>.</summary>
/// <param name="Temperature">The temperature, above 0. Above 1 it softens, below 1 it sharpens.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows at temperature 1.</param>
/// <param name="LossAfter">The same at <paramref name="Temperature"/>.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="Iterations">Passes over all rows.</param>
/// <param name="Outcome">How the search ended.</param>
/// <param name="LargestRowShare">
/// The largest share of a row in the sum of the squared gradients of all rows, from 0 to 1, measured within 5% of
/// <paramref name="Temperature"/>: how much the fit depends on a single row. Above 0.5, one row has more influence than all others
/// together; look at it. NaN if not measured.
/// </param>
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed record TemperatureFit(
    double Temperature, double LossBefore, double LossAfter, long RowsUsed, RowsLeftOut RowsLeftOut, int Iterations, FitOutcome Outcome,
    double LargestRowShare = double.NaN)
{
    /// <summary>
    /// True when the temperature is a minimum of the loss (or was given), false at a bound or when the iterations ran out.
    /// </summary>
    public bool Converged => Outcome is FitOutcome.Converged or FitOutcome.Fixed;

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Temperature = {Temperature}, LossBefore = {LossBefore}, LossAfter = {LossAfter}, "
            + $"RowsUsed = {RowsUsed}, RowsLeftOut = {RowsLeftOut}, Iterations = {Iterations}, "
            + $"Outcome = {Outcome}, LargestRowShare = {LargestRowShare}");
        return true;
    }
}

/// <summary>
/// Fitted vector scaling, matrix scaling or Dirichlet calibration. Probabilities are <c>softmax(Weights z + Intercepts)</c>, z the logits
/// or, for Dirichlet calibration, the log-probabilities.
/// </summary>
/// <param name="Weights">
/// Vector scaling: one factor a class. Otherwise the square matrix, row after row: element (k, j) is what class j's score adds to class
/// k's.
/// </param>
/// <param name="Intercepts">One summand a class.</param>
/// <param name="Temperature">The temperature that fits the same rows best: where the fit began, and what it is compared with.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows before calibration.</param>
/// <param name="LossAfter">The same after it, without the penalty.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="Iterations">Passes over all rows.</param>
/// <param name="Outcome">How the search ended.</param>
/// <param name="CrossValidation">The comparison with a temperature alone; null where it was switched off or there are
/// plenty of rows.</param>
/// <param name="MaskDistance">
/// A logit more than this below the largest of its row counts as -infinity, in the fit and afterwards: see <see cref="CalibrationRows"/>.
/// 3.4e38, which no distance exceeds, for a fit on probabilities.
/// </param>
/// <param name="LargestRowShare">That of the temperature: <see cref="TemperatureFit.LargestRowShare"/>.</param>
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed record ScalingFit(
    ImmutableArray<double> Weights,
    ImmutableArray<double> Intercepts,
    double Temperature,
    double LossBefore,
    double LossAfter,
    long RowsUsed,
    RowsLeftOut RowsLeftOut,
    int Iterations,
    FitOutcome Outcome,
    CrossValidatedLoss? CrossValidation,
    float MaskDistance = float.MaxValue,
    double LargestRowShare = double.NaN)
{
    /// <summary>True when the parameters are the minimum of the objective.</summary>
    public bool Converged => Outcome == FitOutcome.Converged;

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Weights = {Weights.Length}, Intercepts = {Intercepts.Length}, Temperature = {Temperature}, "
            + $"LossBefore = {LossBefore}, LossAfter = {LossAfter}, RowsUsed = {RowsUsed}, "
            + $"RowsLeftOut = {RowsLeftOut}, Iterations = {Iterations}, Outcome = {Outcome}, "
            + $"CrossValidation = {CrossValidation}, MaskDistance = {MaskDistance}, "
            + $"LargestRowShare = {LargestRowShare}");
        return true;
    }
}

/// <summary>A calibrator against a temperature alone, both fitted without the fold on which they are judged.</summary>
/// <param name="Folds">How many folds.</param>
/// <param name="Calibrator">The calibrator's mean negative log-likelihood over the folds.</param>
/// <param name="Temperature">The temperature's.</param>
public sealed record CrossValidatedLoss(int Folds, double Calibrator, double Temperature)
{
    /// <summary>True when the temperature alone does better: the calibrator learns these rows, not their kind.</summary>
    public bool LosesToTemperature => !(Calibrator <= Temperature);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Folds = {Folds}, Calibrator = {Calibrator}, Temperature = {Temperature}");
        return true;
    }
}

/// <summary>A fitted isotonic calibration: each class's probability goes through its own curve, then the row is renormalised.</summary>
/// <param name="Curves">One curve a class.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows before calibration.</param>
/// <param name="LossAfter">The same after it. On other rows it can be infinite: a curve may begin at 0.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed record IsotonicFit(
    ImmutableArray<IsotonicCurve> Curves, double LossBefore, double LossAfter, long RowsUsed, RowsLeftOut RowsLeftOut)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(
            CultureInfo.InvariantCulture,
            $"Curves = {Curves.Length}, LossBefore = {LossBefore}, LossAfter = {LossAfter}, "
            + $"RowsUsed = {RowsUsed}, RowsLeftOut = {RowsLeftOut}");
        return true;
    }
}
