using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One factor and one intercept per class: <c>softmax(w * z + b)</c> (C. Guo et al., 2017). With 2 parameters per class it corrects a bias
/// towards some classes, which a temperature cannot. Use it with a few hundred rows or more, and at least about 10 of every class. From
/// about 30 classes on, prefer it to a matrix, which has too many parameters.
/// </summary>
public static class VectorScaling
{
    /// <summary>Minimises the mean negative log-likelihood plus the penalties, by L-BFGS in double precision.</summary>
    /// <param name="rows">Rows that the model was not trained on.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">
    /// There are too few rows, all rows are of one class, all scores are equal, every true label is ranked first, or the intercepts have no
    /// penalty and a class has no rows.
    /// </exception>
    /// <exception cref="ArgumentException">An option is out of its range or the class weights do not match the classes.</exception>
    public static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options = null) =>
        ScalingSearch.Run(rows, options, 1e-3, (weights, penalty) => new VectorScalingObjective(rows, weights, penalty));

    /// <summary>Writes softmax(w * z + b) of one row.</summary>
    /// <param name="logits">
    /// One value per class. A logit of -infinity counts as the row's maximum minus 87.33655, as in the fit; so does one more than
    /// <paramref name="maskDistance"/> below the maximum.
    /// </param>
    /// <param name="weights">One factor per class.</param>
    /// <param name="intercepts">One value per class, added to its score.</param>
    /// <param name="probabilities">
    /// At least as long as the logits; may be the same memory. All NaN if a logit is NaN or +infinity, or if all are -infinity.
    /// </param>
    /// <param name="maskDistance">The fit's <see cref="ScalingFit.MaskDistance"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities,
        float maskDistance = float.MaxValue) =>
        ScalingApplication.Run(logits, weights, intercepts, probabilities, maskDistance, full: false, logProbabilities: false);
}

/// <summary>
/// A full affine map of the logits: <c>softmax(W z + b)</c> (C. Guo et al., 2017), regularised as M. Kull et al. (2019) propose. With
/// classes * (classes + 1) parameters it also corrects classes that are confused with one another. Use it for up to about 30 classes and at
/// least about 10 rows per parameter; with fewer rows, use vector scaling or a temperature.
/// </summary>
public static class MatrixScaling
{
    /// <inheritdoc cref="VectorScaling.Fit"/>
    public static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options = null) => Fit(rows, options, logProbabilities: false);

    /// <summary>Writes softmax(W z + b) of one row.</summary>
    /// <param name="logits">
    /// One value per class. A logit of -infinity counts as the row's maximum minus 87.33655, as in the fit; so does one more than
    /// <paramref name="maskDistance"/> below the maximum.
    /// </param>
    /// <param name="weights">The square matrix, row after row.</param>
    /// <param name="intercepts">One value per class, added to its score.</param>
    /// <param name="probabilities">
    /// At least as long as the logits; may be the same memory. All NaN if a logit is NaN or +infinity, or if all are -infinity.
    /// </param>
    /// <param name="maskDistance">The fit's <see cref="ScalingFit.MaskDistance"/>.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities,
        float maskDistance = float.MaxValue) =>
        ScalingApplication.Run(logits, weights, intercepts, probabilities, maskDistance, full: true, logProbabilities: false);

    internal static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options, bool logProbabilities)
    {
        ArgumentNullException.ThrowIfNull(rows);
        rows.ReplaceMasks();
        var normalizers = logProbabilities ? new RowNormalizers(rows) : null;
        return ScalingSearch.Run(
            rows, options, 1e-2, (weights, penalty) => new MatrixScalingObjective(rows, weights, penalty, normalizers));
    }
}

/// <summary>
/// Dirichlet calibration: <c>softmax(W ln p + b)</c>, matrix scaling on log-probabilities (M. Kull et al., "Beyond temperature scaling:
/// obtaining well-calibrated multiclass probabilities with Dirichlet calibration", 2019). It needs no logits: use it instead of matrix
/// scaling for any model that outputs probabilities. A constant added to all logits of a row changes nothing.
/// </summary>
public static class DirichletCalibration
{
    /// <remarks>Logits are normalised to log-probabilities.</remarks>
    /// <inheritdoc cref="VectorScaling.Fit"/>
    public static ScalingFit Fit(CalibrationRows rows, ScalingOptions? options = null) =>
        MatrixScaling.Fit(rows, options, logProbabilities: true);

    /// <summary>
    /// Writes softmax(W ln p + b) of one row, where p is the softmax of the logits. The logits may be logarithms of probabilities.
    /// </summary>
    /// <inheritdoc cref="MatrixScaling.Apply"/>
    public static void Apply(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities,
        float maskDistance = float.MaxValue) =>
        ScalingApplication.Run(logits, weights, intercepts, probabilities, maskDistance, full: true, logProbabilities: true);
}

/// <summary>Applies a fitted scaling to one row, in double precision.</summary>
internal static class ScalingApplication
{
    public static void Run(
        ReadOnlySpan<float> logits, ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts, Span<float> probabilities,
        float maskDistance, bool full, bool logProbabilities)
    {
        var classCount = logits.Length;
        CheckLengths(classCount, weights.Length, full ? classCount * classCount : classCount, intercepts.Length, probabilities.Length);
        if (classCount == 0)
            return;
        var rented = classCount <= 128 ? stackalloc double[2 * classCount] : new double[2 * classCount];
        var row = rented[..classCount];
        var scaled = rented[classCount..];
        ReadLogits(logits, maskDistance, row);
        if (logProbabilities)
            TensorPrimitives.Subtract(row, LogSumExp(row), row);
        for (var k = 0; k < classCount; k++)
            scaled[k] = (full ? TensorPrimitives.Dot(weights.Slice(k * classCount, classCount), row) : weights[k] * row[k]) + intercepts[k];
        Softmax(scaled, probabilities);
    }

    private static void CheckLengths(int classCount, int weights, int expectedWeights, int intercepts, int probabilities)
    {
        if (weights != expectedWeights)
            throw new ArgumentException($"A row of {classCount} classes needs {expectedWeights} weights, not {weights}.", nameof(weights));
        if (intercepts != classCount)
            throw new ArgumentException(
                $"A row of {classCount} classes needs {classCount} intercepts, not {intercepts}.", nameof(intercepts));
        if (probabilities < classCount)
            throw new ArgumentException(
                $"A row of {classCount} classes does not fit into {probabilities} probabilities.", nameof(probabilities));
    }

    /// <summary>Converts a row to double. A row without a softmax (NaN, +infinity, or every logit -infinity) becomes all NaN.</summary>
    private static void ReadLogits(ReadOnlySpan<float> logits, float maskDistance, Span<double> row)
    {
        var largest = (double)TensorPrimitives.Max(logits);
        for (var k = 0; k < row.Length; k++)
            row[k] = !double.IsFinite(largest) ? double.NaN
                : logits[k] < largest - maskDistance ? largest + Probabilities.SmallestLogit : logits[k];
    }

    private static double LogSumExp(ReadOnlySpan<double> row)
    {
        var largest = TensorPrimitives.Max(row);
        var sum = 0.0;
        foreach (var z in row)
            sum += Math.Exp(z - largest);
        return Math.Log(sum) + largest;
    }

    /// <summary>Overwrites the row; writes its softmax.</summary>
    private static void Softmax(Span<double> row, Span<float> probabilities)
    {
        var largest = TensorPrimitives.Max<double>(row);
        var sum = 0.0;
        foreach (ref var z in row)
        {
            z = Math.Exp(z - largest);
            sum += z;
        }
        for (var k = 0; k < row.Length; k++)
            probabilities[k] = (float)(row[k] / sum);
    }
}
