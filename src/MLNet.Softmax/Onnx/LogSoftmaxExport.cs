using Microsoft.ML;

namespace MLNet.Softmax.Onnx;

/// <summary>LogSoftmax in ONNX: the logits over the temperature, then LogSoftmax along the class axis.</summary>
internal static class LogSoftmaxExport
{
    public static void Add(OnnxGraph graph, LogSoftmaxTransformer transformer, DataViewSchema inputSchema)
    {
        var input = ScoreInput.Of(graph, transformer, inputSchema);
        var divided = input.Divide(graph, transformer.Temperature, transformer.OutputColumnName);
        var output = graph.AddColumn(transformer.OutputColumnName, input.Type);
        graph.Add("LogSoftmax", [divided], [output], ("axis", input.Axis));
    }
}
