using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>Softmax in ONNX: the logits over the temperature, then Softmax along the class axis.</summary>
internal static class SoftmaxExport
{
    public static void Add(OnnxGraph graph, SoftmaxTransformer transformer, DataViewSchema inputSchema)
    {
        var input = ScoreInput.Of(graph, transformer, inputSchema);
        var divided = input.Divide(graph, transformer.Temperature, transformer.OutputColumnName);
        var output = graph.AddColumn(transformer.OutputColumnName, input.Type);
        graph.Add("Softmax", [divided], [output], ("axis", input.Axis));
    }
}
