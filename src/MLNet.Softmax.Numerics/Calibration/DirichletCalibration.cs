namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Dirichlet calibration: <c>softmax(W ln p + b)</c>, matrix scaling on log-probabilities (M. Kull et al., "Beyond temperature
/// scaling: obtaining well-calibrated multiclass probabilities with Dirichlet calibration", 2019). It needs no logits, and does
/// not depend on a constant added to a row of them. Choose it as matrix scaling is chosen, for any model that gives probabilities.
/// </summary>
public static class DirichletCalibration
{
    /// <summary>Minimises the mean negative log-likelihood plus the penalties, by L-BFGS in double precision.</summary>
    /// <param name="rows">Rows that the model was not trained on; logits are normalised to log-probabilities.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, rows of one class only, all scores equal, every label on top, or
    /// intercepts without penalty and a class without rows.</exception>
    /// <exception cref="ArgumentException">An option is out of its range or the class weights do not match the classes.</exception>
    public static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options = null) =>
        MatrixScaling.Fit(rows, options, logProbabilities: true);

    /// <summary>Writes softmax(W ln p + b) of one row, p the softmax of the logits.</summary>
    /// <param name="logits">One value a class: logits, or logarithms of probabilities. One of -infinity counts as the row's maximum
    /// less 87.33655, as in the fit.</param>
    /// <param name="weights">The square matrix, row after row.</param>
    /// <param name="intercepts">One summand a class.</param>
    /// <param name="probabilities">At least as long as the logits; may be the same memory. All NaN where a logit is NaN or +infinity,
    /// or all are -infinity.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities) =>
        MatrixScaling.Apply(logits, weights, intercepts, probabilities, logProbabilities: true);
}
