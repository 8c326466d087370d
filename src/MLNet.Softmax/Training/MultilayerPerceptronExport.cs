using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Training;

/// <summary>
/// The perceptron in ONNX: the features standardised, a Gemm per layer with Relu between them, and ArgMax + 1 for the key of the predicted
/// label. A row with NaN features gets the key that ArgMax gives, where ML.NET's own is 0, missing.
/// </summary>
internal static class MultilayerPerceptronExport
{
    public static void Add(OnnxGraph graph, MultilayerPerceptronTransformer transformer, DataViewSchema inputSchema)
    {
        var column = inputSchema.Require(transformer.FeatureColumnName);
        var prefix = transformer.ScoreColumnName;
        var (network, features) = (transformer.Network, graph.VariableOf(column.Name));
        if (column.Type is VectorDataViewType { Dimensions.Length: > 1 }) features = graph.Compute("Flatten", [features], prefix, ("axis", 1L));

        var means = graph.Constant(network.Standardization.Means.ToArray(), prefix, "Means", 1, transformer.FeatureCount);
        var scales = graph.Constant(network.Standardization.Scales.ToArray(), prefix, "Scales", 1, transformer.FeatureCount);
        var layerInput = graph.Compute("Mul", [graph.Compute("Sub", [features, means], prefix), scales], prefix);
        var score = graph.AddColumn(transformer.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single, transformer.ClassCount));

        var layers = network.Shape.Layers;
        for (var index = 0; index < layers.Length; index++)
        {
            var (layer, isLast) = (layers[index], index == layers.Length - 1);
            string[] inputs =
            [
                layerInput,
                graph.Constant(layer.Weights(network.Parameters).ToArray(), prefix, $"Weights{index}", layer.OutputCount, layer.InputCount),
                graph.Constant(layer.Biases(network.Parameters).ToArray(), prefix, $"Biases{index}", layer.OutputCount),
            ];
            if (isLast) graph.Add("Gemm", inputs, [score], ("transB", 1L));
            else layerInput = graph.Compute("Relu", [graph.Compute("Gemm", inputs, prefix, ("transB", 1L))], prefix);
        }

        var best = graph.Compute("ArgMax", [score], prefix, ("axis", 1L), ("keepdims", 1L));
        var key = graph.Compute("Add", [best, graph.Constant([1L], prefix, "FirstKey", 1)], prefix);
        var predictedLabel = graph.AddColumn(transformer.PredictedLabelColumnName, new KeyDataViewType(typeof(uint), transformer.ClassCount));
        graph.Add("Cast", [key], [predictedLabel], ("to", typeof(uint)));
    }
}
