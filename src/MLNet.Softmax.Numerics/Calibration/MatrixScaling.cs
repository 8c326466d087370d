using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A full affine map of the logits: <c>softmax(W z + b)</c> (C. Guo et al., 2017), regularised as M. Kull et al. (2019) propose.
/// classes * (classes + 1) parameters: it also mends classes that are mistaken for one another. For up to about 30 classes and
/// at least about 10 rows for every parameter; with less, vector scaling or a temperature.
/// </summary>
public static class MatrixScaling
{
    /// <summary>Minimises the mean negative log-likelihood plus the penalties, by L-BFGS in double precision.</summary>
    /// <param name="rows">Rows that the model was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, rows of one class only, all scores equal, every label on top, or
    /// intercepts without penalty and a class without rows.</exception>
    /// <exception cref="ArgumentException">An option is out of its range or the class weights do not match the classes.</exception>
    public static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options = null) => Fit(rows, options, logProbabilities: false);

    /// <summary>Writes softmax(W z + b) of one row.</summary>
    /// <param name="logits">One value a class. A logit of -infinity counts as the row's maximum less 87.33655, as in the fit.</param>
    /// <param name="weights">The square matrix, row after row.</param>
    /// <param name="intercepts">One summand a class.</param>
    /// <param name="probabilities">At least as long as the logits; may be the same memory. All NaN where a logit is NaN or +infinity,
    /// or all are -infinity.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities) =>
        Apply(logits, weights, intercepts, probabilities, logProbabilities: false);

    internal static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options, bool logProbabilities)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var normalizers = logProbabilities ? new RowNormalizers(rows) : null;
        return ScalingSearch.Run(
            rows, options, 1e-2, (weights, penalty) => new MatrixScalingObjective(rows, weights, penalty, normalizers));
    }

    internal static void Apply(
        ReadOnlySpan<float> logits,
        ReadOnlySpan<double> weights,
        ReadOnlySpan<double> intercepts,
        Span<float> probabilities,
        bool logProbabilities)
    {
        var classCount = logits.Length;
        ScalingApplication.CheckLengths(classCount, weights.Length, classCount * classCount, intercepts.Length, probabilities.Length);
        var rented = classCount <= 128 ? stackalloc double[2 * classCount] : new double[2 * classCount];
        var row = rented[..classCount];
        var scaled = rented[classCount..];
        ScalingApplication.ReadLogits(logits, row);
        if (logProbabilities)
            ScalingApplication.LogSoftmax(row);
        for (var k = 0; k < classCount; k++)
            scaled[k] = TensorPrimitives.Dot(weights.Slice(k * classCount, classCount), row) + intercepts[k];
        ScalingApplication.Softmax(scaled, probabilities);
    }
}
