using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Softmax.Training;

namespace MLNet.Softmax.Tests;

/// <summary>For each transformer, the one that its saved models hold, and rows to try it on. What a sample is must never change.</summary>
internal static class SavedModelSamples
{
    private static readonly MemoryView ScoreRows = new MemoryView().WithScores("Score", [3], [.. Scores.Logits(5).Select(row => row.Score)], Labels.SlotNames("ant", "bee", "cat"));

    private static readonly MemoryView FeatureRows = new MemoryView().WithScores("Features", [2], [[1, 2], [-1, 0.5f], [0, 0]]);

    public static (RowToRowTransformer Transformer, IDataView Data) Of(string loaderSignature) => loaderSignature switch
    {
        "Softmax.Softmax" => (new SoftmaxTransformer("Probability", "Score", 1.5f, ScoreKind.Logits), ScoreRows),
        "Softmax.LogSoftmax" => (new LogSoftmaxTransformer("Log", "Score", 0.5f, ScoreKind.Probabilities), ScoreRows),
        "Softmax.TopK" => (new TopKTransformer("Top", "Score", 2), ScoreRows),
        "MultilayerPerceptron" => (Perceptron(), FeatureRows),
        _ => throw new ArgumentOutOfRangeException(nameof(loaderSignature), loaderSignature, "Add a sample of this transformer."),
    };

    private static MultilayerPerceptronTransformer Perceptron()
    {
        var shape = new NetworkShape(2, 4, 3);
        var parameters = Enumerable.Range(0, shape.ParameterCount).Select(i => 0.25f * ((i * 7 % 11) - 5)).ToArray();
        var network = new PerceptronNetwork(shape, new FeatureStandardization([0.5f, -0.25f], [2f, 0.5f]), parameters);
        var label = new MemoryView().With("Label", new KeyDataViewType(typeof(uint), 3), Array.Empty<uint>(), Labels.KeyValues("ant", "bee", "cat")).Schema["Label"];
        return new MultilayerPerceptronTransformer(network, LabelValues.Read(label), "Features", "Score", "PredictedLabel");
    }
}
