namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One temperature for all classes: <c>softmax(z / T)</c> (C. Guo et al., "On Calibration of Modern Neural Networks", 2017).
/// It never changes which class is first.
/// </summary>
public static class TemperatureScaling
{
    /// <summary>
    /// Finds the temperature of least mean negative log-likelihood by a bracketed Newton search on ln(1/T), in double precision
    /// over 32-bit exponentials: relative accuracy of T about 1e-6.
    /// </summary>
    /// <param name="rows">Rows that the model was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, rows of one class only, all scores equal, or every label on top
    /// (no finite temperature is best) with no raised minimum. A fixed temperature needs nothing but a row.</exception>
    /// <exception cref="ArgumentException">An option is out of its range or the class weights do not match the classes.</exception>
    public static TemperatureFit Fit(CalibrationRows rows, TemperatureScalingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new TemperatureScalingOptions();
        options.Validate();
        if (options.FixedTemperature is { } given)
            return Measure(rows, given, options);

        FitGuards.RequireRows(rows, options.MinimumRows);
        var weights = FitGuards.Weights(options.ClassWeights, rows);
        FitGuards.RequireInformativeScores(rows, options.MinimumIsRaised);
        var search = TemperatureSearch.Run(rows, weights, options);
        return new TemperatureFit(
            search.Temperature, search.LossAtOne, search.Loss, rows.Count, rows.LeftOut, search.Evaluations, search.Outcome);
    }

    private static TemperatureFit Measure(CalibrationRows rows, double temperature, TemperatureScalingOptions options)
    {
        if (rows.Count == 0)
            return new TemperatureFit(temperature, double.NaN, double.NaN, 0, rows.LeftOut, 0, FitOutcome.Fixed);
        var objective = new TemperatureObjective(rows, FitGuards.Weights(options.ClassWeights, rows));
        return new TemperatureFit(
            temperature,
            objective.Evaluate(1).Value,
            objective.Evaluate(1 / temperature).Value,
            rows.Count,
            rows.LeftOut,
            2,
            FitOutcome.Fixed);
    }
}
