namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A monotone curve for each class against the rest, then every row renormalised: B. Zadrozny, C. Elkan, "Transforming classifier
/// scores into accurate multiclass probability estimates", 2002, as scikit-learn's CalibratedClassifierCV does it. For scores
/// that are ordered well but misshapen, and at least about 1,000 rows; it may change which class is first.
/// </summary>
public static class IsotonicCalibration
{
    /// <summary>Fits a curve of each class's probability by pooling adjacent violators.</summary>
    /// <param name="rows">Rows that the model was not trained on. Logits are turned into probabilities by a softmax.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, or rows of one class only.</exception>
    /// <exception cref="ArgumentException">The class weights do not match the classes.</exception>
    public static IsotonicFit Fit(CalibrationRows rows, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new FitOptions();
        FitGuards.RequireRows(rows, options.MinimumRows);

        var curves = new IsotonicCurve[rows.ClassCount];
        var columns = new IsotonicColumns(rows, FitGuards.Weights(options.ClassWeights, rows));
        for (var k = 0; k < curves.Length; k++)
            curves[k] = columns.FitClass(k);
        var loss = columns.Loss(curves);
        return new IsotonicFit([.. curves], loss.Before, loss.After, rows.Count, rows.LeftOut);
    }

    /// <summary>Passes each probability through its class's curve and renormalises.</summary>
    /// <param name="probabilities">One value a class.</param>
    /// <param name="curves">One curve a class.</param>
    /// <param name="calibrated">At least as long; may be the same memory. Where every curve gives 0, all classes get the same
    /// probability; where a probability is NaN, all are NaN.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Apply(ReadOnlySpan<float> probabilities, ReadOnlySpan<IsotonicCurve> curves, Span<float> calibrated)
    {
        if (curves.Length != probabilities.Length)
            throw new ArgumentException($"There are {curves.Length} curves, but {probabilities.Length} probabilities.", nameof(curves));
        if (calibrated.Length < probabilities.Length)
        {
            throw new ArgumentException(
                $"{probabilities.Length} probabilities do not fit into {calibrated.Length} places.", nameof(calibrated));
        }
        var sum = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
        {
            var value = curves[k].Evaluate(probabilities[k]);
            calibrated[k] = (float)value;
            sum += value;
        }
        for (var k = 0; k < probabilities.Length; k++)
            calibrated[k] = sum == 0 ? 1f / probabilities.Length : (float)(calibrated[k] / sum);
    }
}
