using MLNet.Softmax.Calibration;
using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>Vector scaling in ONNX: softmax(w * z + b), in double precision up to the softmax.</summary>
internal static class VectorScalingCalibratorExport
{
    public static void Add(OnnxGraph graph, VectorScalingCalibratorTransformer transformer, DataViewSchema inputSchema)
    {
        var prefix = transformer.OutputColumnName;
        var rows = AffineRows.Of(graph, transformer, inputSchema);
        var weights = graph.Constant([.. transformer.Calibration.Weights], prefix, "Weights", 1, rows.ClassCount);
        rows.AddIntercepts(graph, graph.Compute("Mul", [rows.Logits, weights], prefix), [.. transformer.Calibration.Intercepts]);
    }
}
