namespace MLNet.Softmax.Calibration;

/// <summary>The base class of calibrators that apply softmax to an affine map of the scores, with fitted weights and intercepts.</summary>
/// <remarks>
/// A row with NaN or +infinity, or in which every logit is -infinity, gives a row of NaN. A logit that is -infinity, or more than
/// <see cref="ScalingFit.MaskDistance"/> below the row's maximum, counts as 87.33655 less than the maximum. The most probable class may
/// change.
/// </remarks>
[TypeFormatterSource(typeof(FitFormatterSource))]
public abstract class AffineCalibratorTransformer : ScoreTransformer, IFitted
{
    private protected AffineCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns.Output, columns.Input, columns.Kind) => Calibration = fit;

    /// <summary>The fitted weights and intercepts, and how the fit went. Saved with the model.</summary>
    public ScalingFit Calibration { get; }

    object? IFitted.Fit => Calibration;

    private protected sealed override string OutputValueKind => ScoreAnnotations.Probability;

    private protected sealed override int? FittedClassCount => Calibration.Intercepts.Length;

    /// <summary>Computes the probabilities of one row of logits.</summary>
    private protected abstract void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities);

    private protected sealed override void Apply(ReadOnlySpan<float> logits, int classCount, Span<float> output)
    {
        for (var start = 0; start < logits.Length; start += classCount)
            ApplyToRow(logits.Slice(start, classCount), output.Slice(start, classCount));
    }

    private protected sealed override void SaveFitted(ModelWriter writer) => writer.Write(Calibration);

    /// <summary>The variable of the logits times the weights.</summary>
    private protected abstract string ExportWeighted(OnnxGraph graph, OnnxAffineScores rows);

    internal sealed override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        var rows = OnnxAffineScores.Of(graph, this, inputSchema, Calibration.MaskDistance);
        rows.AddIntercepts(graph, ExportWeighted(graph, rows), [.. Calibration.Intercepts]);
    }
}

/// <summary>Adds calibrated probabilities: softmax(w * z + b), a weight and an intercept for each class.</summary>
/// <inheritdoc cref="AffineCalibratorTransformer" path="/remarks"/>
[ModelFormat("Softmax.VectorScaling", "VECTCALI", 1)]
public sealed class VectorScalingCalibratorTransformer
    : AffineCalibratorTransformer, ILoadableTransformer<VectorScalingCalibratorTransformer>
{
    internal VectorScalingCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns, fit)
    {
    }

    internal static VectorScalingCalibratorTransformer Fit(
        CalibrationRows rows, ScalingOptions options, CalibratedColumns columns, IChannel channel) =>
        new(columns, CalibrationWarnings.Check(channel, VectorScaling.Fit(rows, options), "Vector scaling"));

    static VectorScalingCalibratorTransformer ILoadableTransformer<VectorScalingCalibratorTransformer>.Load(ModelReader reader) =>
        new(ReadColumns(reader), reader.ReadScalingFit(classes => classes));

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        VectorScaling.Apply(logits, Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), probabilities, Calibration.MaskDistance);

    private protected override string ExportWeighted(OnnxGraph graph, OnnxAffineScores rows) => graph.Compute(
        "Mul", [rows.Logits, graph.Constant([.. Calibration.Weights], OutputColumnName, "Weights", 1, rows.ClassCount)], OutputColumnName);
}

/// <summary>Adds calibrated probabilities: softmax(Wz + b), a full affine map of the scores.</summary>
/// <inheritdoc cref="AffineCalibratorTransformer" path="/remarks"/>
[ModelFormat("Softmax.MatrixScaling", "MATRCALI", 1)]
public sealed class MatrixScalingCalibratorTransformer
    : AffineCalibratorTransformer, ILoadableTransformer<MatrixScalingCalibratorTransformer>
{
    internal MatrixScalingCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns, fit)
    {
    }

    internal static MatrixScalingCalibratorTransformer Fit(
        CalibrationRows rows, ScalingOptions options, CalibratedColumns columns, IChannel channel) =>
        new(columns, CalibrationWarnings.Check(channel, MatrixScaling.Fit(rows, options), "Matrix scaling"));

    static MatrixScalingCalibratorTransformer ILoadableTransformer<MatrixScalingCalibratorTransformer>.Load(ModelReader reader) =>
        new(ReadColumns(reader), reader.ReadScalingFit(classes => classes * classes));

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        MatrixScaling.Apply(logits, Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), probabilities, Calibration.MaskDistance);

    private protected override string ExportWeighted(OnnxGraph graph, OnnxAffineScores rows) =>
        rows.Multiply(graph, rows.Logits, [.. Calibration.Weights]);
}

/// <summary>Adds calibrated probabilities: softmax(W ln p + b), a full affine map of the log-probabilities.</summary>
/// <inheritdoc cref="AffineCalibratorTransformer" path="/remarks"/>
[ModelFormat("Softmax.Dirichlet", "DIRICALI", 1)]
public sealed class DirichletCalibratorTransformer : AffineCalibratorTransformer, ILoadableTransformer<DirichletCalibratorTransformer>
{
    internal DirichletCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns, fit)
    {
    }

    internal static DirichletCalibratorTransformer Fit(
        CalibrationRows rows, ScalingOptions options, CalibratedColumns columns, IChannel channel) =>
        new(columns, CalibrationWarnings.Check(channel, DirichletCalibration.Fit(rows, options), "Dirichlet calibration"));

    static DirichletCalibratorTransformer ILoadableTransformer<DirichletCalibratorTransformer>.Load(ModelReader reader) =>
        new(ReadColumns(reader), reader.ReadScalingFit(classes => classes * classes));

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        DirichletCalibration.Apply(
            logits, Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), probabilities, Calibration.MaskDistance);

    private protected override string ExportWeighted(OnnxGraph graph, OnnxAffineScores rows) => rows.Multiply(
        graph, graph.Compute("LogSoftmax", [rows.Logits], OutputColumnName, ("axis", 1L)), [.. Calibration.Weights]);
}
