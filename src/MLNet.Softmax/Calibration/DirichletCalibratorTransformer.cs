using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: softmax(W ln p + b), a full affine map of the log-probabilities.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
[ModelFormat("Softmax.Dirichlet", "DIRICALI", 1)]
public sealed class DirichletCalibratorTransformer : AffineCalibratorTransformer, ILoadableTransformer<DirichletCalibratorTransformer>
{
    internal DirichletCalibratorTransformer(CalibratedColumns columns, MatrixScalingFit fit)
        : base(columns) => Calibration = fit;

    /// <summary>The fitted weights and intercepts, and how the fit went. Saved with the model.</summary>
    public MatrixScalingFit Calibration { get; }

    private protected override ReadOnlySpan<double> Weights => Calibration.Weights.AsSpan();

    private protected override ReadOnlySpan<double> Intercepts => Calibration.Intercepts.AsSpan();

    private protected override ScalingFit Outcome => Calibration.Fit;

    static DirichletCalibratorTransformer ILoadableTransformer<DirichletCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        var (weights, intercepts) = reader.ReadAffine(classes => classes * classes);
        return new(new CalibratedColumns(output, input, kind), new MatrixScalingFit([.. weights], [.. intercepts], reader.ReadScalingFit()));
    }

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        DirichletCalibration.Apply(logits, Weights, Intercepts, probabilities);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        var rows = OnnxAffineScores.Of(graph, this, inputSchema);
        var logProbabilities = graph.Compute("LogSoftmax", [rows.Logits], OutputColumnName, ("axis", 1L));
        rows.AddIntercepts(graph, rows.Multiply(graph, logProbabilities, [.. Weights]), [.. Intercepts]);
    }
}
