namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A factor and a summand for each class: <c>softmax(w * z + b)</c> (C. Guo et al., 2017). 2 parameters a class: it mends a bias
/// towards some classes, which no temperature can. For a few hundred rows or more, at least about 10 of every class; the choice
/// from about 30 classes on, where a matrix has too many parameters.
/// </summary>
public static class VectorScaling
{
    /// <summary>Minimises the mean negative log-likelihood plus the penalties, by L-BFGS in double precision.</summary>
    /// <param name="rows">Rows that the model was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, rows of one class only, all scores equal, every label on top, or
    /// intercepts without penalty and a class without rows.</exception>
    /// <exception cref="ArgumentException">An option is out of its range or the class weights do not match the classes.</exception>
    public static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options = null) =>
        ScalingSearch.Run(rows, options, 1e-3, (weights, penalty) => new VectorScalingObjective(rows, weights, penalty));

    /// <summary>Writes softmax(w * z + b) of one row.</summary>
    /// <param name="logits">One value a class. A logit of -infinity counts as the row's maximum less 87.33655, as in the fit.</param>
    /// <param name="weights">One factor a class.</param>
    /// <param name="intercepts">One summand a class.</param>
    /// <param name="probabilities">At least as long as the logits; may be the same memory. All NaN where a logit is NaN or +infinity,
    /// or all are -infinity.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities)
    {
        ScalingApplication.CheckLengths(logits.Length, weights.Length, logits.Length, intercepts.Length, probabilities.Length);
        var scaled = logits.Length <= 128 ? stackalloc double[logits.Length] : new double[logits.Length];
        ScalingApplication.ReadLogits(logits, scaled);
        for (var k = 0; k < scaled.Length; k++)
            scaled[k] = weights[k] * scaled[k] + intercepts[k];
        ScalingApplication.Softmax(scaled, probabilities);
    }
}
