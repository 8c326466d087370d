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
            Scores.AssertClose(rows[i].Score.Select(p => (double)p), output[i]);
    }

    [Fact]
    public void Probabilities_WithTemperature_ArePoweredAndRenormalised()
    {
        var data = Scores.View(_mlContext, [new ScoreRow { Score = [0.5f, 0.5f, 0f] }, new ScoreRow { Score = [0.9f, 0.09f, 0.01f] }]);

        var softmax = _mlContext.Transforms.Softmax("P", "Score", temperature: 2f, scoreKind: ScoreKind.Probabilities);
        var output = softmax.FitTransform(data).Column("P");

        double[] roots = [Math.Sqrt(0.9), Math.Sqrt(0.09), Math.Sqrt(0.01)];
        Scores.AssertClose(roots.Select(root => root / roots.Sum()), output[1]);
        Assert.Equal(0.5, output[0][0], 1e-6);
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

    public static TheoryData<string, int[], float[][], ScoreKind> RowsAndKinds() => new()
    {
        { "logits", [3], Scores.LogitRows(64), ScoreKind.Logits },
        { "not negative, but with another sum than 1", [3], [.. Enumerable.Repeat(new[] { 0.5f, 0.3f, 0.21f }, 20)], ScoreKind.Logits },
        { "a row with NaN says nothing", [3],
            [[float.NaN, 0, 0], .. Scores.Probabilities(8).Select(row => row.Score)], ScoreKind.Probabilities },
        { "several rows of probabilities a data row", [2, 2],
            [.. Enumerable.Repeat(new[] { 0.25f, 0.75f, 1, 0 }, 8)], ScoreKind.Probabilities },
    };

    [Theory]
    [MemberData(nameof(RowsAndKinds), DisableDiscoveryEnumeration = true)]
    public void Auto_OnSuchRows_FindsTheirKind(string what, int[] dimensions, float[][] rows, ScoreKind expected)
    {
        var data = new MemoryView().WithScores("Score", dimensions, rows);
        Assert.True(_mlContext.Transforms.Softmax("P", "Score").Fit(data).ScoreKind == expected, what);
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

        Assert.Contains(log, message => message.Kind == kind && message.Source == "SoftmaxEstimator"
            && message.RawMessage.Contains(expected, StringComparison.Ordinal));
    }
}
