using Microsoft.ML;

namespace MLNet.Softmax.Tests;

/// <summary>For each transformer, the one that its saved models hold, and rows to try it on. What a sample is must never change.</summary>
internal static class SavedModelSamples
{
    private static readonly MemoryView ScoreRows = new MemoryView().WithScores("Score", [3], [.. Scores.Logits(5).Select(row => row.Score)], Labels.SlotNames("ant", "bee", "cat"));

    public static (RowToRowTransformer Transformer, IDataView Data) Of(string loaderSignature) => loaderSignature switch
    {
        "Softmax.Softmax" => (new SoftmaxTransformer("Probability", "Score", 1.5f, ScoreKind.Logits), ScoreRows),
        "Softmax.LogSoftmax" => (new LogSoftmaxTransformer("Log", "Score", 0.5f, ScoreKind.Probabilities), ScoreRows),
        "Softmax.TopK" => (new TopKTransformer("Top", "Score", 2), ScoreRows),
        _ => throw new ArgumentOutOfRangeException(nameof(loaderSignature), loaderSignature, "Add a sample of this transformer."),
    };
}
