namespace MLNet.Softmax.Numerics.Calibration;

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
    /// <summary>True when the temperature is a minimum of the loss (or was given), false at a bound or when the iterations ran out.</summary>
    public bool Converged => Outcome is FitOutcome.Converged or FitOutcome.Fixed;
}
