using Microsoft.ML;
using Microsoft.ML.Runtime;
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
    internal DirichletCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns, fit)
    {
    }

    internal static DirichletCalibratorTransformer Fit(
        CalibrationRows rows, ScalingOptions options, CalibratedColumns columns, IChannel channel)
    {
        var fit = DirichletCalibration.Fit(rows, options);
        CalibrationWarnings.Write(channel, fit, "Dirichlet calibration");
        return new(columns, fit);
    }

    static DirichletCalibratorTransformer ILoadableTransformer<DirichletCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        return new(new CalibratedColumns(output, input, kind), reader.ReadScalingFit(classes => classes * classes));
    }

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        DirichletCalibration.Apply(logits, Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), probabilities);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        var rows = OnnxAffineScores.Of(graph, this, inputSchema);
        var logProbabilities = graph.Compute("LogSoftmax", [rows.Logits], OutputColumnName, ("axis", 1L));
        rows.AddIntercepts(graph, rows.Multiply(graph, logProbabilities, [.. Calibration.Weights]), [.. Calibration.Intercepts]);
    }
}
