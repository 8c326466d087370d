namespace MLNet.Softmax.Tests;

public class EvaluateOnProbabilitiesTests
{
    private static readonly string[] Animals = ["ant", "bee", "cat"];

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void ClassNames_SurviveEvaluateOnTheProbabilities()
    {
        var score = Scores.Logits(30).Select(row => row.Score).ToArray();
        var key = new KeyDataViewType(typeof(uint), 3);
        var data = new MemoryView()
            .WithScores("Score", [3], score, Labels.SlotNames(Animals))
            .With("Label", key, [.. score.Select((_, i) => (uint)(i % 3) + 1)], Labels.KeyValues(Animals))
            .With("PredictedLabel", key, [.. score.Select(row => (uint)Array.IndexOf(row, row.Max()) + 1)], Labels.KeyValues(Animals));

        var output = _mlContext.Transforms.Softmax("Probability", "Score", 2f).Fit(data).Transform(data);
        var metrics = _mlContext.MulticlassClassification.Evaluate(output, scoreColumnName: "Probability");

        var probabilities = output.Column("Probability");
        Assert.Equal(probabilities.Select((row, i) => -Math.Log(row[i % 3])).Average(), metrics.LogLoss, 1e-5);
        Assert.Contains("bee", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
    }
}
