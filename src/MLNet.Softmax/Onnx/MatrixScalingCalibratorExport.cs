using MLNet.Softmax.Calibration;
using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>Matrix scaling in ONNX: softmax(W z + b), in double precision up to the softmax.</summary>
internal static class MatrixScalingCalibratorExport
{
    public static void Add(OnnxGraph graph, MatrixScalingCalibratorTransformer transformer, DataViewSchema inputSchema)
    {
        var rows = AffineRows.Of(graph, transformer, inputSchema);
        var product = rows.Multiply(graph, rows.Logits, [.. transformer.Calibration.Weights]);
        rows.AddIntercepts(graph, product, [.. transformer.Calibration.Intercepts]);
    }
}
