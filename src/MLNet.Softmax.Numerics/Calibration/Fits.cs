using System.Collections.Immutable;

namespace MLNet.Softmax.Numerics.Calibration;

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
public sealed record TemperatureFit(
    double Temperature, double LossBefore, double LossAfter, long RowsUsed, RowsLeftOut RowsLeftOut, int Iterations, FitOutcome Outcome)
{
    /// <summary>
    /// True when the temperature is a minimum of the loss (or was given), false at a bound or when the iterations ran out.
    /// </summary>
    public bool Converged => Outcome is FitOutcome.Converged or FitOutcome.Fixed;
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
    CrossValidatedLoss? CrossValidation)
{
    /// <summary>True when the parameters are the minimum of the objective.</summary>
    public bool Converged => Outcome == FitOutcome.Converged;
}

/// <summary>A calibrator against a temperature alone, both fitted without the fold on which they are judged.</summary>
/// <param name="Folds">How many folds.</param>
/// <param name="Calibrator">The calibrator's mean negative log-likelihood over the folds.</param>
/// <param name="Temperature">The temperature's.</param>
public sealed record CrossValidatedLoss(int Folds, double Calibrator, double Temperature)
{
    /// <summary>True when the temperature alone does better: the calibrator learns these rows, not their kind.</summary>
    public bool LosesToTemperature => !(Calibrator <= Temperature);
}

/// <summary>A fitted isotonic calibration: each class's probability goes through its own curve, then the row is renormalised.</summary>
/// <param name="Curves">One curve a class.</param>
/// <param name="LossBefore">Mean negative log-likelihood (natural logarithm) on the fitting rows before calibration.</param>
/// <param name="LossAfter">The same after it. On other rows it can be infinite: a curve may begin at 0.</param>
/// <param name="RowsUsed">Rows that the fit used.</param>
/// <param name="RowsLeftOut">Rows that it could not use, by reason.</param>
public sealed record IsotonicFit(
    ImmutableArray<IsotonicCurve> Curves, double LossBefore, double LossAfter, long RowsUsed, RowsLeftOut RowsLeftOut);
