using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics.Calibration;

namespace MLNet.Softmax.Calibration;

/// <summary>Adds calibrated probabilities: softmax(w * z + b), a factor and a summand for each class.</summary>
/// <remarks>
/// NaN or +infinity anywhere in a row, or nothing but -infinity, gives a row of NaN; -infinity counts as 87.33655 less than the row's
/// maximum. Which class is first may change.
/// </remarks>
[ModelFormat("Softmax.VectorScaling", "VECTCALI", 1)]
public sealed class VectorScalingCalibratorTransformer
    : AffineCalibratorTransformer, ILoadableTransformer<VectorScalingCalibratorTransformer>
{
    internal VectorScalingCalibratorTransformer(CalibratedColumns columns, ScalingFit fit)
        : base(columns, fit)
    {
    }

    internal static VectorScalingCalibratorTransformer Fit(
        CalibrationRows rows, ScalingOptions options, CalibratedColumns columns, IChannel channel)
    {
        var fit = VectorScaling.Fit(rows, options);
        CalibrationWarnings.Write(channel, fit, "Vector scaling");
        return new(columns, fit);
    }

    static VectorScalingCalibratorTransformer ILoadableTransformer<VectorScalingCalibratorTransformer>.Load(ModelReader reader)
    {
        var (output, input, kind) = ReadColumns(reader);
        return new(new CalibratedColumns(output, input, kind), reader.ReadScalingFit(classes => classes));
    }

    private protected override void ApplyToRow(ReadOnlySpan<float> logits, Span<float> probabilities) =>
        VectorScaling.Apply(logits, Calibration.Weights.AsSpan(), Calibration.Intercepts.AsSpan(), probabilities);

    internal override void Export(OnnxGraph graph, DataViewSchema inputSchema)
    {
        var rows = OnnxAffineScores.Of(graph, this, inputSchema);
        var weights = graph.Constant([.. Calibration.Weights], OutputColumnName, "Weights", 1, rows.ClassCount);
        rows.AddIntercepts(graph, graph.Compute("Mul", [rows.Logits, weights], OutputColumnName), [.. Calibration.Intercepts]);
    }
}
