namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A calibrator against a temperature alone, both fitted without the fold on which they are judged.</summary>
/// <param name="Folds">How many folds.</param>
/// <param name="Calibrator">The calibrator's mean negative log-likelihood over the folds.</param>
/// <param name="Temperature">The temperature's.</param>
public sealed record CrossValidatedLoss(int Folds, double Calibrator, double Temperature)
{
    /// <summary>True when the temperature alone does better: the calibrator learns these rows, not their kind.</summary>
    public bool LosesToTemperature => !(Calibrator <= Temperature);
}
