namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>How the fit of a calibrator with several parameters went.</summary>
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
