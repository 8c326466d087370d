using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

public class RefusalTests
{
    [Theory]
    [InlineData(new[] { -1.5f, 3f }, "looks like raw scores (logits): its values run from -1.5 to 3 and sum to 1.5", "scoreKind: ScoreKind.Logits")]
    [InlineData(new[] { -0.6931472f, -0.6931472f }, "looks like log-probabilities (its values run from -0.6931 to -0.6931", "scoreKind: ScoreKind.Logits")]
    [InlineData(new[] { .9f, .4f }, "looks like independent scores, one classifier a class (its values run from 0.4 to 0.9 and sum to 1.3, not 1)",
        "scoreKind: ScoreKind.Probabilities")]
    public void Evaluate_WhatIsNoProbability_SaysWhatItLooksLikeAndWhatToAppend(float[] row, string looksLike, string scoreKind)
    {
        var data = new MemoryView().WithScores("Score", [2], [[.5f, .5f], row, [.5f, .5f]])
            .With("Label", new KeyDataViewType(typeof(uint), 2), new uint[] { 1, 2, 1 });
        var error = Assert.Throws<InvalidOperationException>(
            () => new MLContext().MulticlassClassification.EvaluateProbabilities(data, probabilityColumnName: "Score"));

        Assert.StartsWith($"Column 'Score' does not hold probabilities: row 1 {looksLike}", error.Message);
        Assert.Contains($"Append mlContext.Transforms.Softmax(\"Probability\", \"Score\", {scoreKind}", error.Message);
        Assert.EndsWith("evaluate column 'Probability'.", error.Message);
    }

    [Theory]
    [InlineData(new[] { -1.5f, 3f }, ScoreKind.Logits)]
    [InlineData(new[] { .9f, .4f }, ScoreKind.Probabilities)]
    [InlineData(new[] { -0.6931472f, -0.6931472f }, ScoreKind.Logits)]
    public void Evaluate_AfterAppendingWhatTheMessageSays_Works(float[] row, ScoreKind kind)
    {
        var mlContext = new MLContext();
        var data = new MemoryView().WithScores("Score", [2], [row, row])
            .With("Label", new KeyDataViewType(typeof(uint), 2), new uint[] { 1, 2 });
        var softmax = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: kind).Fit(data);

        Assert.Equal(2, mlContext.MulticlassClassification.EvaluateProbabilities(softmax.Transform(data)).RowsUsed);
    }

    [Fact]
    public void Evaluate_OnSeveralThreads_RefusesWithTheSameMessage()
    {
        var rows = RandomRows.Draw(1, 200, 3);
        rows.Probabilities[300] = 40;
        var error = Assert.Throws<InvalidOperationException>(() => EvaluatedViews.Evaluate(rows.View(), new() { MaxDegreeOfParallelism = 4 }));

        Assert.Contains("row 100 looks like raw scores", error.Message);
        Assert.Contains("Softmax(\"Softmax\", \"Probability\"", error.Message);
    }

    [Fact]
    public void Evaluate_NothingButLogitsOnSeveralThreads_NamesTheFirstRow()
    {
        var rows = RandomRows.Draw(1, 5000, 3);
        for (var i = 0; i < rows.Probabilities.Length; i++)
            rows.Probabilities[i] += 1;
        for (var repetition = 0; repetition < 20; repetition++)
        {
            var error = Assert.Throws<InvalidOperationException>(() => EvaluatedViews.Evaluate(rows.View(), new() { MaxDegreeOfParallelism = 4 }));
            Assert.Contains("row 0 looks like raw scores", error.Message);
        }
    }

    [Fact]
    public void Evaluate_ColumnsThatDoNotFit_AreRefusedByName()
    {
        var rows = RandomRows.Draw(2, 20, 3);
        var label = new KeyDataViewType(typeof(uint), 3);
        uint[] labels = [.. rows.Labels.Select(index => (uint)index + 1)];

        Refuses("Column 'Probability' is missing. The data has a column 'Score'; append mlContext.Transforms.Softmax(\"Probability\", \"Score\")",
            new MemoryView().WithScores("Score", [3], [[1, 2, 3]]).With("Label", label, new uint[] { 1 }));
        Refuses("Column 'Label' is missing", rows.Probabilities());
        Refuses("is a single number, as binary classifiers give it",
            new MemoryView().With("Probability", NumberDataViewType.Single, [.5f]).With("Label", label, new uint[] { 1 }));
        Refuses("ConvertType(\"Probability\", outputKind: DataKind.Single)", new MemoryView()
            .With("Probability", new VectorDataViewType(NumberDataViewType.Double, 2), new[] { new VBuffer<double>(2, [.5, .5]) })
            .With("Label", label, new uint[] { 1 }));
        Refuses("a vector of unknown size", new MemoryView().WithScores("Probability", [0], [[.5f, .5f, 0]]).With("Label", label, new uint[] { 1 }));
        Refuses("holds 2 rows of 2 scores",
            new MemoryView().WithScores("Probability", [2, 2], [[.5f, .5f, .5f, .5f]]).With("Label", label, new uint[] { 1 }));
        Refuses("Column 'Label' is", rows.Probabilities().With(
            "Label", new VectorDataViewType(NumberDataViewType.Single, 2), Enumerable.Repeat(new VBuffer<float>(2, [1, 2]), 20).ToArray()));
        Refuses("Column 'Weight' is missing", rows.View(), new() { ExampleWeightColumnName = "Weight" });
        Refuses("but a weight of type Single is expected", rows.View().With("Weight", label, labels), new() { ExampleWeightColumnName = "Weight" });
        Refuses("but text that names the rows is expected", rows.View().With("Name", label, labels), new() { RowNameColumnName = "Name" });
    }

    [Fact]
    public void Evaluate_NoUsableRow_IsRefusedWithTheReasons()
    {
        var label = new KeyDataViewType(typeof(uint), 2);
        var nothing = new MemoryView().WithScores("Probability", [2], []).With("Label", label, Array.Empty<uint>());
        var useless = new MemoryView().WithScores("Probability", [2], [[float.NaN, 0], [.5f, .5f]]).With("Label", label, new uint[] { 1, 0 });

        Assert.Equal("The data to evaluate has no rows.", Assert.Throws<InvalidOperationException>(() => EvaluatedViews.Evaluate(nothing)).Message);
        Assert.Equal("No row of the data can be evaluated. Rows left out: 1 without a label, 1 with NaN or otherwise unusable scores.",
            Assert.Throws<InvalidOperationException>(() => EvaluatedViews.Evaluate(useless)).Message);
    }

    [Fact]
    public void Evaluate_NullOrEmptyArguments_AreRefused()
    {
        var catalog = new MLContext().MulticlassClassification;
        var data = RandomRows.Draw(3, 20, 3).View();

        Assert.Throws<ArgumentNullException>(() => catalog.EvaluateProbabilities(null!));
        Assert.Throws<ArgumentException>(() => catalog.EvaluateProbabilities(data, labelColumnName: ""));
        Assert.Throws<ArgumentException>(() => catalog.EvaluateProbabilities(data, probabilityColumnName: ""));
        Assert.Throws<ArgumentNullException>(() => SoftmaxCatalog.EvaluateProbabilities(null!, data));
        Assert.Throws<ArgumentNullException>(() => new ProbabilityEvaluationOptions { CalibrationBins = null! });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { ConfidentMistakes = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { LargestConfusionMatrix = 20_000 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { ConfidenceLevel = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { MaxDegreeOfParallelism = 0 });
    }

    private static void Refuses(string message, IDataView data, ProbabilityEvaluationOptions? options = null) =>
        Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => EvaluatedViews.Evaluate(data, options)).Message);
}
