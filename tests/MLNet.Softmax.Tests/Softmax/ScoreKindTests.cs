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

    [Fact]
    public void Auto_NeedsEightRowsOfProbabilitiesAndOneOfLogits()
    {
        ScoreKind KindOf(params ScoreRow[] rows) =>
            _mlContext.Transforms.LogSoftmax("P", "Score").Fit(Scores.View(_mlContext, rows)).ScoreKind;

        Assert.Equal(ScoreKind.Probabilities, KindOf(Scores.Probabilities(8)));
        Assert.Equal(ScoreKind.Logits, KindOf(new ScoreRow { Score = [2.5f, -1, 0] }));
        Refusal.Of<InvalidOperationException>(() => KindOf(Scores.Probabilities(7)),
            "column 'Score' may hold probabilities or logits", "7 rows", "8 are needed", "ScoreKind.Probabilities or ScoreKind.Logits");
        // The usual way to wrap an ONNX network, which would otherwise make .404 of .997.
        Refusal.Of<InvalidOperationException>(() => KindOf(), "no row shows which", "ScoreKind.Probabilities or ScoreKind.Logits");
        Refusal.Of<InvalidOperationException>(
            () => KindOf([.. Scores.Probabilities(20), new ScoreRow { Score = [0.5f, 0.2f, 0.1f] }]), "of 21 rows, 20 are probabilities");
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
        { "sums that nothing explains", [3], [.. Enumerable.Repeat(new[] { 0.5f, 0.3f, 0.2501f }, 20)], ScoreKind.Logits },
        { "rounded to one digit", [3], [.. Enumerable.Repeat(new[] { 0.5f, 0.3f, 0.1f }, 20)], ScoreKind.Probabilities },
        { "rounded to two digits", [5], [.. Enumerable.Repeat(new[] { .33f, .27f, .01f, .20f, .18f }, 20)], ScoreKind.Probabilities },
        { "votes weighted in floats", [3], [.. Enumerable.Repeat(new[] { 0.5012f, 0.3021f, 0.1882f }, 20)], ScoreKind.Probabilities },
        { "percentages", [3], [.. Enumerable.Repeat(new[] { 90f, 7.5f, 2.5f }, 20)], ScoreKind.Probabilities },
        { "log-probabilities", [2], [.. Enumerable.Repeat(new[] { -0.6931472f, -0.6931472f }, 20)], ScoreKind.Logits },
        { "an unreadable picture says nothing", [3],
            [[0, 0, 0], .. Scores.Probabilities(8).Select(row => row.Score)], ScoreKind.Probabilities },
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

    [Fact]
    public void SaidScoreKind_IsCheckedAgainstTheFirstEightRows()
    {
        SoftmaxTransformer Fit(ScoreKind kind, params IEnumerable<float[]> rows) =>
            _mlContext.Transforms.Softmax("P", "Score", scoreKind: kind).Fit(new MemoryView().WithScores("Score", [3], [.. rows]));
        var probabilities = Scores.Probabilities(20).Select(row => row.Score);

        Assert.Equal(ScoreKind.Logits, Fit(ScoreKind.Logits).ScoreKind);
        Assert.Equal(ScoreKind.Logits, Fit(ScoreKind.Logits, probabilities.Take(2)).ScoreKind);
        Assert.Equal(ScoreKind.Probabilities, Fit(ScoreKind.Probabilities).ScoreKind);
        Assert.Equal(ScoreKind.Probabilities, Fit(ScoreKind.Probabilities, [0.5f, 0.9f, 0.1f]).ScoreKind);
        Refusal.Of<InvalidOperationException>(() => Fit(ScoreKind.Logits, probabilities),
            "column 'Score' is said to hold logits, but its first 8 rows are non-negative and sum to 1", "ScoreKind.Probabilities");
        Refusal.Of<InvalidOperationException>(() => Fit(ScoreKind.Probabilities, [[MathF.Log(0.5f), MathF.Log(0.25f), MathF.Log(0.25f)]]),
            "the negative value -1.386, as log-probabilities do", "ScoreKind.Logits");
        Refusal.Of<InvalidOperationException>(() => Fit(ScoreKind.Probabilities, [3, -2, 0]), "the negative value -2, as logits do");

        var data = new MemoryView().WithScores("Score", [3], [.. probabilities]);
        _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Probabilities).Fit(data);
        Assert.Equal(8, data.RowsVisited);
    }

    [Theory]
    [InlineData(true, "'Score' is taken as probabilities: the 20 rows looked at are non-negative and sum to 1. (scoreKind: Auto)")]
    [InlineData(false, "'Score' is taken as logits: the 20 rows looked at are negative somewhere. (scoreKind: Auto)")]
    public void Auto_WritesItsDecisionToTheLog(bool probabilities, string expected)
    {
        var log = Labels.LogOf(_mlContext);
        var data = Scores.View(_mlContext, probabilities ? Scores.Probabilities(20) : Scores.Logits(20));

        _mlContext.Transforms.Softmax("P", "Score").Fit(data);

        Assert.Contains(log, message => message.Kind == ChannelMessageKind.Info && message.Source == "SoftmaxEstimator"
            && message.RawMessage.Contains(expected, StringComparison.Ordinal));
    }

    public static TheoryData<string, float[][]> LoggedRows() => new()
    {
        {
            "probabilities: the 8 rows looked at are non-negative and sum to 1 within 0.01.",
            [.. Enumerable.Repeat<float[]>([.33f, .27f, .01f, .20f, .18f], 7), [1, 0, 0, 0, 0]]
        },
        {
            "probabilities: the 8 rows looked at are non-negative and sum to 100: percentages, which are divided by their sum.",
            [.. Enumerable.Repeat<float[]>([90, 7.5f, 2.5f], 8)]
        },
        { "logits: the 1 rows looked at are not all sums of 1.", [[3, 1, 2]] },
        { "logits: the 3 rows looked at are not all sums of 1.", [[3, 1, 2], [0.5f, 0.25f, 0.25f], [1, 0, 2]] },
        { "logits: the 2 rows looked at are negative somewhere.", [[0.5f, 0.25f, 0.25f], [3, -1, 2]] },
    };

    [Theory]
    [MemberData(nameof(LoggedRows), DisableDiscoveryEnumeration = true)]
    public void Auto_OnSuchRows_LogsWhatTheyAre(string logged, float[][] rows)
    {
        var log = Labels.LogOf(_mlContext);
        // A name that could be taken for a part of a format.
        _mlContext.Transforms.LogSoftmax("P", "{Score}").Fit(new MemoryView().WithScores("{Score}", [rows[0].Length], rows));
        Assert.Equal(
            [$"Column '{{Score}}' is taken as {logged} (scoreKind: Auto)"],
            log.Where(message => message.Source == "LogSoftmaxEstimator" && message.Kind == ChannelMessageKind.Info)
                .Select(message => message.RawMessage));
    }

    /// <summary>Not negative, and half of the rows or more are probabilities: the rest may be their rounding, or other logits.</summary>
    [Fact]
    public void Auto_WhereHalfOfTheRowsAreProbabilities_DoesNotGuess()
    {
        float[] probabilities = [0.5f, 0.25f, 0.25f], others = [3, 0, 2];
        Refusal.Of<InvalidOperationException>(() => Fit(ScoreKind.Auto, probabilities, others), "of 2 rows, 1 are probabilities");
        Refusal.Of<InvalidOperationException>(
            () => Fit(ScoreKind.Auto, [.. Enumerable.Repeat(probabilities, 10), others]), "of 11 rows, 10 are probabilities");
        Assert.Equal(ScoreKind.Logits, Fit(ScoreKind.Auto, probabilities, others, others).ScoreKind);
        Assert.Equal(ScoreKind.Logits, Fit(ScoreKind.Auto, probabilities, [3, -1e-9f, 2]).ScoreKind);
        Refusal.Of<InvalidOperationException>(() => Fit(ScoreKind.Auto, [0, 0, 0], [float.NaN, 1, 0], [float.PositiveInfinity, 0, 1]),
            "there is none with finite scores that are not all 0");
    }

    [Fact]
    public void SaidScoreKind_IsContradictedByThreeRowsOrOneNegativeValue()
    {
        float[] probabilities = [0.5f, 0.25f, 0.25f];
        Refusal.Of<InvalidOperationException>(
            () => Fit(ScoreKind.Logits, probabilities, probabilities, probabilities), "its first 3 rows are non-negative and sum to 1.");
        Assert.Equal(ScoreKind.Logits, Fit(ScoreKind.Logits, probabilities, probabilities, [0, 0, 0]).ScoreKind);
        Assert.Equal(ScoreKind.Logits, Fit(ScoreKind.Logits, probabilities, probabilities, [1, 2, 3]).ScoreKind);
        Refusal.Of<InvalidOperationException>(
            () => Fit(ScoreKind.Logits, [90, 7.5f, 2.5f], [90, 7.5f, 2.5f], [90, 7.5f, 2.5f]), "sum to 100");
        Refusal.Of<InvalidOperationException>(
            () => Fit(ScoreKind.Probabilities, probabilities, [0.5f, -0.25f, 0.75f]), "the negative value -0.25, as logits do.");
        Assert.Equal(ScoreKind.Probabilities, Fit(
            ScoreKind.Probabilities, [.. Enumerable.Repeat(probabilities, 8), [0.5f, -0.25f, 0.75f]]).ScoreKind);
    }

    private SoftmaxTransformer Fit(ScoreKind kind, params float[][] rows) =>
        _mlContext.Transforms.Softmax("P", "Score", scoreKind: kind).Fit(new MemoryView().WithScores("Score", [3], rows));

    [Fact]
    public void ProbabilitiesThatNeedTheirSum_AreDividedByIt()
    {
        float[][] rows = [[.33f, .27f, .01f, .20f, .18f], [90, 0, 0, 2, 7]];
        foreach (var row in rows)
        {
            var data = new MemoryView().WithScores("Score", [5], [.. Enumerable.Repeat(row, 8)]);
            var sum = row.Sum(value => (double)value);
            Scores.AssertClose(
                row.Select(value => value / sum), _mlContext.Transforms.Softmax("P", "Score").FitTransform(data).Column("P")[0]);
        }
    }
}
