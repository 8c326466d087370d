using Microsoft.ML.Runtime;

namespace MLNet.Softmax.Tests;

public class ScoreKindTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Auto_OnProbabilities_DoesNotFlattenThem()
    {
        var rows = Scores.Probabilities(64);
        var data = Scores.View(_mlContext, rows);

        var model = _mlContext.Transforms.Softmax("P", "Score").Fit(data);

        Assert.Equal(ScoreKind.Probabilities, model.ScoreKind);
        var output = model.Transform(data).Column("P");
        for (var i = 0; i < rows.Length; i++)
            for (var c = 0; c < 3; c++) Assert.Equal(rows[i].Score[c], output[i][c], 1e-6);
    }

    [Fact]
    public void Probabilities_WithTemperature_ArePoweredAndRenormalised()
    {
        var data = Scores.View(_mlContext, [new ScoreRow { Score = [0.5f, 0.5f, 0f] }, new ScoreRow { Score = [0.9f, 0.09f, 0.01f] }]);

        var output = _mlContext.Transforms.Softmax("P", "Score", temperature: 2f, scoreKind: ScoreKind.Probabilities).Fit(data).Transform(data).Column("P");

        double[] roots = [Math.Sqrt(0.9), Math.Sqrt(0.09), Math.Sqrt(0.01)];
        for (var c = 0; c < 3; c++) Assert.Equal(roots[c] / roots.Sum(), output[1][c], 1e-6);
        Assert.Equal(0.5, output[0][0], 1e-6);
    }

    [Fact]
    public void Auto_OnLogits_IsLogits()
    {
        var data = Scores.View(_mlContext, Scores.Logits(64));

        Assert.Equal(ScoreKind.Logits, _mlContext.Transforms.Softmax("P", "Score").Fit(data).ScoreKind);
    }

    [Fact]
    public void Auto_OnNonNegativeScoresThatDoNotSumToOne_IsLogits()
    {
        var data = Scores.View(_mlContext, Enumerable.Range(0, 20).Select(_ => new ScoreRow { Score = [0.5f, 0.3f, 0.21f] }));

        Assert.Equal(ScoreKind.Logits, _mlContext.Transforms.Softmax("P", "Score").Fit(data).ScoreKind);
    }

    [Theory]
    [InlineData(7, ScoreKind.Logits)]
    [InlineData(8, ScoreKind.Probabilities)]
    public void Auto_NeedsEightRows(int rows, ScoreKind expected)
    {
        var data = Scores.View(_mlContext, Scores.Probabilities(rows));

        Assert.Equal(expected, _mlContext.Transforms.LogSoftmax("P", "Score").Fit(data).ScoreKind);
    }

    [Fact]
    public void Auto_LooksAt64RowsAtMost()
    {
        var data = new MemoryView().WithScores("Score", [3], [.. Scores.Probabilities(64).Select(row => row.Score), [9, 9, 9]]);

        Assert.Equal(ScoreKind.Probabilities, _mlContext.Transforms.Softmax("P", "Score").Fit(data).ScoreKind);
        Assert.Equal(64, data.RowsVisited);
    }

    [Fact]
    public void Auto_RowsWithNaN_SayNothing()
    {
        var data = new MemoryView().WithScores("Score", [3], [[float.NaN, 0, 0], .. Scores.Probabilities(8).Select(row => row.Score)]);

        Assert.Equal(ScoreKind.Probabilities, _mlContext.Transforms.Softmax("P", "Score").Fit(data).ScoreKind);
    }

    [Fact]
    public void Auto_OnSeveralRowsOfProbabilitiesPerDataRow_IsProbabilities()
    {
        var data = new MemoryView().WithScores("Score", [2, 2], [.. Enumerable.Range(0, 8).Select(_ => new[] { 0.25f, 0.75f, 1, 0 })]);

        Assert.Equal(ScoreKind.Probabilities, _mlContext.Transforms.Softmax("P", "Score").Fit(data).ScoreKind);
    }

    [Theory]
    [InlineData(ScoreKind.Logits)]
    [InlineData(ScoreKind.Probabilities)]
    public void SaidScoreKind_IsTakenAtItsWordAndReadsNoRow(ScoreKind kind)
    {
        var data = new MemoryView().WithScores("Score", [3], [.. Scores.Probabilities(20).Select(row => row.Score)]);

        Assert.Equal(kind, _mlContext.Transforms.Softmax("P", "Score", scoreKind: kind).Fit(data).ScoreKind);
        Assert.Equal(0, data.RowsVisited);
    }

    [Theory]
    [InlineData(20, true, ChannelMessageKind.Info, "'Score' is taken as probabilities: 20 rows")]
    [InlineData(20, false, ChannelMessageKind.Info, "'Score' is taken as logits: row 1 ")]
    [InlineData(3, true, ChannelMessageKind.Warning, "'Score' is taken as logits, but all 3 rows")]
    [InlineData(0, true, ChannelMessageKind.Warning, "there was no row to look at")]
    public void Auto_WritesItsDecisionToTheLog(int rows, bool probabilities, ChannelMessageKind kind, string expected)
    {
        var log = Labels.LogOf(_mlContext);
        var data = Scores.View(_mlContext, probabilities ? Scores.Probabilities(rows) : Scores.Logits(rows));

        _mlContext.Transforms.Softmax("P", "Score").Fit(data);

        Assert.Contains(log, message => message.Kind == kind && message.Source == "SoftmaxEstimator" && message.RawMessage.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void ADecision_SurvivesSavingAndLoading()
    {
        var data = Scores.View(_mlContext, Scores.Probabilities(20));
        var loaded = Scores.SaveAndLoad(_mlContext.Transforms.Softmax("P", "Score").Fit(data), data.Schema);

        Assert.Equal(ScoreKind.Probabilities, Assert.IsType<SoftmaxTransformer>(loaded).ScoreKind);
    }
}
