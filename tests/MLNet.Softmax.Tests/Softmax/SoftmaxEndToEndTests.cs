namespace MLNet.Softmax.Tests;

public class SoftmaxEndToEndTests
{
    private static readonly float[] Six = [1, 2, 3, -1, 0, 5];

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(0.05f)]
    [InlineData(1f)]
    [InlineData(3f)]
    public void SoftmaxAndLogSoftmax_OfLogits_AreTheSoftmaxAndItsLogarithm(float temperature)
    {
        var rows = Scores.Logits(20);
        var data = Scores.View(_mlContext, rows);

        var probabilities = _mlContext.Transforms.Softmax("Probability", "Score", temperature).FitTransform(data).Column("Probability");
        var logs = _mlContext.Transforms.LogSoftmax("Log", "Score", Math.Max(1, temperature)).FitTransform(data).Column("Log");

        for (var i = 0; i < rows.Length; i++)
        {
            Scores.AssertClose(Scores.NaiveSoftmax(rows[i].Score, temperature), probabilities[i]);
            Scores.AssertClose(Scores.NaiveSoftmax(rows[i].Score, Math.Max(1, temperature)).Select(p => Math.Log(p)), logs[i], 1e-5);
        }
    }

    [Fact]
    public void Softmax_WithoutInputName_ReplacesTheColumn()
    {
        var data = Scores.View(_mlContext, Scores.Logits(10));

        var replaced = _mlContext.Transforms.Softmax("Score").FitTransform(data).Column("Score");

        Scores.AssertClose(Scores.NaiveSoftmax(Scores.Logits(10)[4].Score), replaced[4]);
    }

    [Fact]
    public void SoftmaxAndLogSoftmax_SavedAndLoadedInANewContext_GiveTheSame()
    {
        var data = Scores.View(_mlContext, Scores.Probabilities(20));
        var model = _mlContext.Transforms.Softmax("Probability", "Score", 2f)
            .Append(_mlContext.Transforms.LogSoftmax("Log", "Score", 0.5f)).Fit(data);
        var loaded = Scores.SaveAndLoad(model, data.Schema);

        Assert.Equal(model.Transform(data).Column("Probability"), loaded.Transform(data).Column("Probability"));
        Assert.Equal(model.Transform(data).Column("Log"), loaded.Transform(data).Column("Log"));
        var softmax = Assert.IsType<SoftmaxTransformer>(((IEnumerable<ITransformer>)loaded).First());
        Assert.Equal(("Probability", "Score"), (softmax.OutputColumnName, softmax.InputColumnName));
        Assert.Equal((2f, ScoreKind.Probabilities), (softmax.Temperature, softmax.ScoreKind));
    }

    [Fact]
    public void Softmax_InAPredictionEngine_GivesWhatTransformGives()
    {
        var rows = Scores.Logits(20);
        var data = Scores.View(_mlContext, rows);
        var model = _mlContext.Transforms.CopyColumns("Copy", "Score")
            .Append(_mlContext.Transforms.Softmax("Probability", "Copy")).Fit(data);
        var expected = model.Transform(data).Column("Probability");

        using var engine = _mlContext.Model.CreatePredictionEngine<ScoreRow, ProbabilityRow>(model);

        Assert.Equal(expected, rows.Select(row => engine.Predict(row).Probability));
    }

    [Fact]
    public void Softmax_SeveralEnginesOnOneModel_DoNotDisturbEachOther()
    {
        var rows = Scores.Logits(200);
        var data = Scores.View(_mlContext, rows);
        var model = _mlContext.Transforms.Softmax("Probability", "Score").Fit(data);
        var expected = model.Transform(data).Column("Probability");

        Parallel.For(0, 8, _ =>
        {
            var options = new PredictionEngineOptions { OwnsTransformer = false };
            var engine = new MLContext().Model.CreatePredictionEngine<ScoreRow, ProbabilityRow>(model, options);
            Assert.Equal(expected, rows.Select(row => engine.Predict(row).Probability));
        });
    }

    [Fact]
    public void Softmax_RowWithNaN_IsAllNaN()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, float.NaN, 2], [1, 2, 3]]);

        var probabilities = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data).Column("P");

        Assert.All(probabilities[0], p => Assert.True(float.IsNaN(p)));
        Scores.AssertClose(Scores.NaiveSoftmax([1, 2, 3]), probabilities[1]);
    }

    [Fact]
    public void Softmax_OfASparseRow_CountsTheAbsentScoresAsZero()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 5);
        var data = new MemoryView()
            .With("Score", type, [new VBuffer<float>(5, 2, [3f, -1f], [1, 4]), new VBuffer<float>(5, 0, [], [])]);

        var probabilities = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data).Column("P");

        Scores.AssertClose(Scores.NaiveSoftmax([0, 3, 0, 0, -1]), probabilities[0]);
        Scores.AssertClose([0.2, 0.2, 0.2, 0.2, 0.2], probabilities[1]);
    }

    [Fact]
    public void ClassNames_SurviveEvaluateOnTheProbabilities()
    {
        string[] animals = ["ant", "bee", "cat"];
        var score = Scores.LogitRows(30);
        var key = new KeyDataViewType(typeof(uint), 3);
        var data = new MemoryView()
            .WithScores("Score", [3], score, Labels.SlotNames(animals))
            .With("Label", key, [.. score.Select((_, i) => (uint)(i % 3) + 1)], Labels.KeyValues(animals))
            .With("PredictedLabel", key, [.. score.Select(row => (uint)Array.IndexOf(row, row.Max()) + 1)], Labels.KeyValues(animals));

        var output = _mlContext.Transforms.Softmax("Probability", "Score", 2f).FitTransform(data);
        var metrics = _mlContext.MulticlassClassification.Evaluate(output, scoreColumnName: "Probability");

        var probabilities = output.Column("Probability");
        Assert.Equal(probabilities.Select((row, i) => -Math.Log(row[i % 3])).Average(), metrics.LogLoss, 1e-5);
        Assert.Contains("bee", metrics.ConfusionMatrix.GetFormattedConfusionTable(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 6 }, 6)]
    [InlineData(new[] { 1, 6 }, 6)]
    [InlineData(new[] { 6, 1, 1 }, 6)]
    [InlineData(new[] { 1, 6, 1 }, 6)]
    [InlineData(new[] { 2, 3 }, 3)]
    [InlineData(new[] { 3, 2, 1 }, 2)]
    [InlineData(new[] { 0 }, 6)]
    [InlineData(new[] { 0, 3 }, 3)]
    public void Softmax_OfAnyShape_RunsOverTheClassAxisAndKeepsTheShape(int[] dimensions, int classCount)
    {
        var data = new MemoryView().WithScores("Score", dimensions, [Six]);

        var output = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data);

        Assert.Equal(data.Schema["Score"].Type, output.Schema["P"].Type);
        Scores.AssertClose(Six.Chunk(classCount).SelectMany(row => Scores.NaiveSoftmax(row)), output.Column("P")[0]);
    }

    [Fact]
    public void Softmax_OfVariableSize_TakesEachRowByItsLength()
    {
        var data = new MemoryView().WithScores("Score", [0], [[1, 2], [], [5], [0, 0, 0, 0]]);
        var probabilities = _mlContext.Transforms.Softmax("P", "Score", scoreKind: ScoreKind.Logits).FitTransform(data).Column("P");

        Assert.Equal([2, 0, 1, 4], probabilities.Select(row => row.Length));
        Assert.Equal([1f], probabilities[2]);
        Assert.All(probabilities[3], p => Assert.Equal(0.25f, p));
    }

    [Theory]
    [InlineData(new[] { 1, 6 })]
    [InlineData(new[] { 6, 1, 1 })]
    public void TopK_OfOneRowInAnyShape_FindsTheClasses(int[] dimensions)
    {
        var data = new MemoryView().WithScores("Score", dimensions, [Six]);

        var indices = _mlContext.Transforms.TopK("Top", "Score", k: 2).FitTransform(data).GetColumn<uint[]>("TopIndices").Single();

        Assert.Equal([5u, 2u], indices);
    }
}
