using MLNet.Softmax.Calibration;
using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>A fitted temperature in ONNX: as <see cref="SoftmaxExport"/>.</summary>
internal static class TemperatureCalibratorExport
{
    public static void Add(OnnxGraph graph, TemperatureCalibratorTransformer transformer, DataViewSchema inputSchema)
    {
        var input = ScoreInput.Of(graph, transformer, inputSchema);
        var divided = input.Divide(graph, transformer.Temperature, transformer.OutputColumnName);
        var output = graph.AddColumn(transformer.OutputColumnName, input.Type);
        graph.Add("Softmax", [divided], [output], ("axis", input.Axis));
    }
}
