using MLNet.Softmax.Calibration;
using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>Dirichlet calibration in ONNX: softmax(W ln p + b), in double precision up to the last softmax.</summary>
internal static class DirichletCalibratorExport
{
    public static void Add(OnnxGraph graph, DirichletCalibratorTransformer transformer, DataViewSchema inputSchema)
    {
        var rows = AffineRows.Of(graph, transformer, inputSchema);
        var logProbabilities = graph.Compute("LogSoftmax", [rows.Logits], transformer.OutputColumnName, ("axis", 1L));
        var product = rows.Multiply(graph, logProbabilities, [.. transformer.Calibration.Weights]);
        rows.AddIntercepts(graph, product, [.. transformer.Calibration.Intercepts]);
    }
}
