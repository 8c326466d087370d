using System.Collections.Immutable;
using System.Text;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Options that the fits of all calibrators share. Isotonic calibration has no others.</summary>
public class FitOptions
{
    /// <summary>
    /// The minimum number of usable rows, whatever their weights; a fit on fewer throws. At least 1; 30 unless set.
    /// </summary>
    public int MinimumRows { get; set; } = 30;

    /// <summary>
    /// The weight of each class in the loss, by class index: finite, at least 0. It multiplies the weights of the rows. Null, the default,
    /// gives all classes weight 1.
    /// </summary>
    public IReadOnlyList<double>? ClassWeights { get; set; }
}

/// <summary>How a temperature is fitted.</summary>
public sealed class TemperatureScalingOptions : FitOptions
{
    private const double DefaultMinimumTemperature = 1e-4;

    /// <summary>A temperature to use unchanged, finite and above 0. No search takes place; the losses are still measured.</summary>
    public double? FixedTemperature { get; set; }

    /// <summary>
    /// The lowest temperature searched, above 0; 1e-4 unless set. Set it to 1 to never sharpen. Rows that are perfectly separable have no
    /// best temperature, and the fit throws. If you raised this minimum, it is the result instead, with the outcome
    /// <see cref="FitOutcome.AtLowestTemperature"/>.
    /// </summary>
    public double MinimumTemperature { get; set; } = DefaultMinimumTemperature;

    /// <summary>The highest temperature searched, above <see cref="MinimumTemperature"/>; 1e4 unless set.</summary>
    public double MaximumTemperature { get; set; } = 1e4;

    /// <summary>The maximum number of passes over the rows; 60 unless set. 1 to 4 are usual.</summary>
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
    /// <summary>The maximum number of L-BFGS steps; 1,000 unless set.</summary>
    public int MaximumIterations { get; set; } = 1000;

    /// <summary>
    /// The fit has converged when no component of the gradient of the mean loss exceeds this (in the parameters of standardised logits);
    /// 1e-5 unless set.
    /// </summary>
    public double GradientTolerance { get; set; } = 1e-5;

    /// <summary>
    /// Folds of the cross-validation that compares this calibrator with a temperature alone, 2 or more; 0 skips it. 5 unless set. Each fold
    /// costs one more fit.
    /// </summary>
    public int CrossValidationFolds { get; set; } = 5;

    /// <summary>
    /// The strength, at least 0, of the penalty that draws each class's own weight towards the inverse of the fitted temperature: the
    /// strength times the mean square of <c>W_kk - 1/T</c>. It keeps the fit finite on separable rows. Null, the default, is 0.001 for
    /// vector scaling and 0.01 for a matrix.
    /// </summary>
    public double? DiagonalRegularization { get; set; }

    /// <summary>
    /// The strength, at least 0, of the penalty that draws the off-diagonal elements of a matrix towards 0: it multiplies their mean
    /// square. 3 unless set. Vector scaling has no such elements.
    /// </summary>
    public double OffDiagonalRegularization { get; set; } = 3;

    /// <summary>
    /// The strength, at least 0, of the penalty that draws the intercepts towards 0: it multiplies their mean square. Null, the default, is
    /// 0.001 for vector scaling and 0.01 for a matrix.
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

    /// <summary>There was no search: the parameters were given.</summary>
    Fixed,

    /// <summary>At the lowest temperature allowed; a lower one would reduce the loss further.</summary>
    AtLowestTemperature,

    /// <summary>At the highest temperature allowed: the scores are unrelated to the labels, or contradict them.</summary>
    AtHighestTemperature,

    /// <summary>The iterations ran out before the minimum was reached.</summary>
    IterationsExhausted,

    /// <summary>
    /// The calibrated scores rank every true label first and no penalty bounds the parameters: there is no finite minimum.
    /// </summary>
    Separable,
}

/// <summary>A fitted temperature with its losses. Probabilities are <c>softmax(logits / Temperature)</c>.</summary>
/// <param name="Temperature">The temperature, above 0. Above 1 it softens, below 1 it sharpens.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows at temperature 1.</param>
/// <param name="LossAfter">The same at <paramref name="Temperature"/>.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="Iterations">Passes over all rows.</param>
/// <param name="Outcome">How the search ended.</param>
/// <param name="LargestRowShare">
/// The largest share of one row in the sum of the squared gradients of all rows, from 0 to 1, measured within 5% of
/// <paramref name="Temperature"/>: how much the fit depends on a single row. Above 0.5, one row has more influence than all others
/// together; inspect it. NaN if not measured.
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
/// Fitted vector scaling, matrix scaling or Dirichlet calibration. Probabilities are <c>softmax(Weights z + Intercepts)</c>; z is the
/// logits or, for Dirichlet calibration, the log-probabilities.
/// </summary>
/// <param name="Weights">
/// Vector scaling: one factor per class. Otherwise the square matrix, row after row: element (k, j) multiplies class j's score in the new
/// score of class k.
/// </param>
/// <param name="Intercepts">The value added to each class's score.</param>
/// <param name="Temperature">The best temperature for the same rows: the start of the fit, and what it is compared with.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows before calibration.</param>
/// <param name="LossAfter">The same after it, without the penalty.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
/// <param name="Iterations">Passes over all rows.</param>
/// <param name="Outcome">How the search ended.</param>
/// <param name="CrossValidation">
/// The comparison with a temperature alone; null if it was switched off or if there are so many rows that it is not needed.
/// </param>
/// <param name="MaskDistance">
/// A logit more than this below the largest of its row counts as -infinity, in the fit and afterwards: see <see cref="CalibrationRows"/>.
/// 3.4e38, which no distance exceeds, for a fit on probabilities.
/// </param>
/// <param name="LargestRowShare">The <see cref="TemperatureFit.LargestRowShare"/> of the fitted temperature.</param>
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

/// <summary>Compares a calibrator with a temperature alone. Both are evaluated on each fold and fitted without it.</summary>
/// <param name="Folds">How many folds.</param>
/// <param name="Calibrator">The mean negative log-likelihood of the calibrator over the folds.</param>
/// <param name="Temperature">The mean negative log-likelihood of the temperature over the folds.</param>
public sealed record CrossValidatedLoss(int Folds, double Calibrator, double Temperature)
{
    /// <summary>True if the temperature alone has the lower loss: the calibrator overfits these rows.</summary>
    public bool LosesToTemperature => !(Calibrator <= Temperature);

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Folds = {Folds}, Calibrator = {Calibrator}, Temperature = {Temperature}");
        return true;
    }
}

/// <summary>A fitted isotonic calibration: each class's probability goes through its own curve, then the row is renormalised.</summary>
/// <param name="Curves">One curve per class.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows before calibration.</param>
/// <param name="LossAfter">The same after it. On other rows it can be infinite, because a curve can start at 0.</param>
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
