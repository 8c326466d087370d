using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: softmax(Wz + b), a full affine map of the scores.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
[ModelFormat("Softmax.MatrixScaling", "MATRCALI", 1)]
public sealed class MatrixScalingCalibratorTransformer
    : AffineCalibratorTransformer, ILoadableTransformer<MatrixScalingCalibratorTransformer>
{
    internal MatrixScalingCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns, fit)
    {
    }

    internal static MatrixScalingCalibratorTransformer Fit(
        CalibrationRows rows, ScalingOptions options, CalibratedColumns columns, IChannel channel)
    {
        var fit = MatrixScaling.Fit(rows, options);
        CalibrationWarnings.Write(channel, fit, "Matrix scaling");
        return new(columns, fit);
    }

    static MatrixScalingCalibratorTransformer ILoadableTransformer<MatrixScalingCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        return new(new CalibratedColumns(output, input, kind), reader.ReadScalingFit(classes => classes * classes));
    }

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        MatrixScaling.Apply(logits, Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), probabilities);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        var rows = OnnxAffineScores.Of(graph, this, inputSchema);
        rows.AddIntercepts(graph, rows.Multiply(graph, rows.Logits, [.. Calibration.Weights]), [.. Calibration.Intercepts]);
    }
}
