namespace MLNet.Softmax.Calibration;

/// <summary>
/// Logs a warning about a fit that did not converge, that loses to a temperature, or that depends on one row. Returns the fit.
/// </summary>
internal static class CalibrationWarnings
{
    /// <summary>Above this share, one row has more influence than all others together.</summary>
    private const double DominantShare = 0.5;

    public static TemperatureFit Check(IChannel channel, TemperatureFit fit)
    {
        if (!fit.Converged)
        {
            Warn(channel, string.Create(
                CultureInfo.InvariantCulture, $"The temperature {fit.Temperature:g6} is not the best one: {Reason(fit.Outcome)}"));
        }
        CheckRowShare(channel, fit.LargestRowShare, "The temperature");
        return fit;
    }

    public static ScalingFit Check(IChannel channel, ScalingFit fit, string calibrator)
    {
        if (!fit.Converged)
        {
            Warn(channel, $"{calibrator} did not converge in {fit.Iterations} passes over {fit.RowsUsed} rows: {Reason(fit.Outcome)}");
        }
        CheckRowShare(channel, fit.LargestRowShare, calibrator);
        if (fit.CrossValidation is { LosesToTemperature: true } cross)
        {
            Warn(channel, string.Create(
                CultureInfo.InvariantCulture,
                $"{calibrator} does worse than a temperature alone on rows that it has not seen: its loss is {cross.Calibrator:g6}, "
                + $"that of a temperature {cross.Temperature:g6} ({cross.Folds}-fold cross-validation over {fit.RowsUsed} rows). Hold out "
                + $"more rows, regularize more strongly, or use Calibrators.Temperature."));
        }

        return fit;
    }

    private static void CheckRowShare(IChannel channel, double share, string fitted)
    {
        if (share <= DominantShare || double.IsNaN(share)) return;
        Warn(channel, string.Create(
            CultureInfo.InvariantCulture,
            $"{fitted} rests on one row: its share in the sum of squared gradients is {share:P0}. Look for the row whose true class has "
            + $"the lowest score compared with the row's largest, correct or remove it, and fit again."));
    }

    private static void Warn(IChannel channel, string message) => channel.Warning(MessageSensitivity.Schema, message);

    private static string Reason(FitOutcome outcome) => outcome switch
    {
        FitOutcome.AtLowestTemperature =>
            "it is the lowest one allowed, and the loss would fall further below it. Allow a lower MinimumTemperature, unless scores shall "
            + "never be sharpened beyond it.",
        FitOutcome.AtHighestTemperature =>
            "it is the highest one allowed, because the scores tell nothing about the labels, or the wrong thing. Check that the score and "
            + "the label column belong together and number the classes alike.",
        FitOutcome.Separable =>
            "its scores put every label on top and nothing holds its weights back, so that there is no best fit. Set a regularization "
            + "above 0, or hold out more rows.",
        _ => "the iterations ran out. Allow more MaximumIterations.",
    };
}
