using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

public class RefusalTests
{
    [Theory]
    [InlineData(new[] { -1.5f, 3f }, ScoreKind.Logits, "looks like raw scores (logits): its values run from -1.5 to 3 and sum to 1.5")]
    [InlineData(new[] { -0.6931472f, -0.6931472f }, ScoreKind.Logits,
        "looks like log-probabilities (its values run from -0.6931 to -0.6931")]
    [InlineData(new[] { .9f, .4f }, ScoreKind.Probabilities,
        "looks like independent scores, one classifier a class (its values run from 0.4 to 0.9 and sum to 1.3, not 1)")]
    public void Evaluate_WhatIsNoProbability_SaysWhatItLooksLikeAndWhatToAppendWhichWorks(float[] row, ScoreKind kind, string looksLike)
    {
        var mlContext = new MLContext();
        var data = new MemoryView().WithScores("Score", [2], [[.5f, .5f], row, row]).WithKeys("Label", 2, [1, 2, 1]);
        var error = Refusal.Of<InvalidOperationException>(
            () => mlContext.MulticlassClassification.EvaluateProbabilities(data, probabilityColumnName: "Score"),
            $"Append mlContext.Transforms.Softmax(\"Probability\", \"Score\", scoreKind: ScoreKind.{kind}");
        Assert.StartsWith($"Column 'Score' does not hold probabilities: row 1 {looksLike}", error.Message);
        Assert.EndsWith("evaluate column 'Probability'.", error.Message);

        var softmax = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: kind).FitTransform(data);
        Assert.Equal(3, mlContext.MulticlassClassification.EvaluateProbabilities(softmax).RowsUsed);
    }

    [Theory]
    [InlineData("raw scores (logits): its values run from -1.5 to 3 and sum to 1.5", "Logits", "", -1.5f, 3f)]
    [InlineData("log-probabilities (its values run from -1.386 to -0.2877 and their exponentials sum to 1)", "Logits",
        " (the softmax of log-probabilities is the probabilities)", -0.2876821f, -1.3862944f)]
    [InlineData("independent scores, one classifier a class (its values run from 0.25 to 0.875 and sum to 1.125, not 1)", "Probabilities",
        " (each row is then divided by its sum)", 0.875f, 0.25f)]
    [InlineData("percentages (its values run from 25 to 75 and sum to 100, not 1)", "Probabilities",
        " (each row is then divided by its sum)", 25f, 75f)]
    public void NotProbabilities_SayWhatTheyLookLike(string looks, string kind, string why, params float[] row)
    {
        Assert.Equal($"Row 7 does not hold probabilities: looks like {looks}.", NotProbabilities.Describe(row, 7));
        string Refuse(string column, string output, string use) =>
            $"Column '{column}' does not hold probabilities: row 7 looks like {looks}. Append mlContext.Transforms.Softmax(\"{output}\", "
            + $"\"{column}\", scoreKind: ScoreKind.{kind}) to the pipeline{why}, and {use} column '{output}'.";
        Assert.Equal(Refuse("Score", "Probability", "evaluate"), NotProbabilities.Refuse("Score", row, 7));
        Assert.Equal(Refuse("Probability", "Softmax", "decide on"), NotProbabilities.Refuse("Probability", row, 7, "decide on"));
    }

    [Theory]
    [InlineData(float.NaN, 1f)]
    [InlineData(float.PositiveInfinity, 1f)]
    public void NotProbabilities_ThatAreNotFinite_SaySo(params float[] row) =>
        Assert.Equal("Row 0 does not hold probabilities: holds NaN or an infinity.", NotProbabilities.Describe(row, 0));

    [Fact]
    public void Evaluate_OnSeveralThreads_RefusesWithTheSameMessage()
    {
        var rows = RandomRows.Draw(1, 200, 3);
        rows.Probabilities[300] = 40;
        Refusal.Of<InvalidOperationException>(() => EvaluatedViews.Evaluate(rows.View(), new() { MaxDegreeOfParallelism = 4 }),
            "row 100 looks like raw scores", "Softmax(\"Softmax\", \"Probability\"");
    }

    [Fact]
    public void Evaluate_NothingButLogitsOnSeveralThreads_NamesTheFirstRow()
    {
        var rows = RandomRows.Draw(1, 5000, 3);
        for (var i = 0; i < rows.Probabilities.Length; i++)
            rows.Probabilities[i] += 1;
        for (var repetition = 0; repetition < 20; repetition++)
        {
            Refusal.Of<InvalidOperationException>(
                () => EvaluatedViews.Evaluate(rows.View(), new() { MaxDegreeOfParallelism = 4 }), "row 0 looks like raw scores");
        }
    }

    [Fact]
    public void Evaluate_ColumnsThatDoNotFit_AreRefusedByName()
    {
        var rows = RandomRows.Draw(2, 20, 3);
        Refuses("Column 'Probability' is missing. The data has a column 'Score'; "
            + "append mlContext.Transforms.Softmax(\"Probability\", \"Score\")", One().WithScores("Score", [3], [[1, 2, 3]]));
        Refuses("Column 'Label' is missing", rows.Probabilities());
        Refuses(
            "A single number a row is what binary classifiers and regression give",
            One().With("Probability", NumberDataViewType.Single, [.5f]));
        Refuses("ConvertType(\"Probability\", outputKind: DataKind.Single)", One().With(
            "Probability", new VectorDataViewType(NumberDataViewType.Double, 2), new[] { new VBuffer<double>(2, [.5, .5]) }));
        Refuses("the score of a single class, whose softmax is always 1", One().WithScores("Probability", [1, 1], [[1]]));
        Refuses("a vector of unknown size", One().WithScores("Probability", [0], [[.5f, .5f, 0]]));
        Refuses("holds 2 rows of 2 scores", One().WithScores("Probability", [2, 2], [[.5f, .5f, .5f, .5f]]));
        Refuses("Column 'Label' is", rows.Probabilities().With(
            "Label", new VectorDataViewType(NumberDataViewType.Single, 2), Enumerable.Repeat(new VBuffer<float>(2, [1, 2]), 20).ToArray()));
        Refuses("Column 'Weight' is missing", rows.View(), new() { ExampleWeightColumnName = "Weight" });
        var keys = rows.View().WithKeys("Weight", 3, rows.Keys());
        Refuses("but a weight of type Single is expected", keys, new() { ExampleWeightColumnName = "Weight" });
        Refuses("but text that names the rows is expected", keys, new() { RowNameColumnName = "Weight" });

        static MemoryView One() => new MemoryView().WithKeys("Label", 3, [1]);
    }

    [Fact]
    public void Evaluate_NoUsableRow_IsRefusedWithTheReasons()
    {
        var nothing = new MemoryView().WithScores("Probability", [2], []).WithKeys("Label", 2, []);
        var useless = new MemoryView().WithScores("Probability", [2], [[float.NaN, 0], [.5f, .5f]]).WithKeys("Label", 2, [1, 0]);

        Assert.Equal(
            "The data to evaluate has no rows.", Refusal.Of<InvalidOperationException>(() => EvaluatedViews.Evaluate(nothing)).Message);
        Assert.Equal("No row of the data can be evaluated. Rows left out: 1 without a label, 1 with NaN or otherwise unusable scores. The "
            + "classes: '0', '1'.",
            Refusal.Of<InvalidOperationException>(() => EvaluatedViews.Evaluate(useless)).Message);
        var foreign = new MemoryView().WithScores("Probability", [2], [[1, 0], [0, 1]], Labels.SlotNames("cat", "dog"))
            .With("Label", TextDataViewType.Instance, ["Cat".AsMemory(), "yak".AsMemory()]);
        Refusal.Of<InvalidOperationException>(
            () => EvaluatedViews.Evaluate(foreign), "Labels that are not classes: 'Cat', 'yak'. The classes: 'cat', 'dog'.");
    }

    [Fact]
    public void Evaluate_NullOrEmptyArguments_AreRefused()
    {
        var catalog = new MLContext().MulticlassClassification;
        var data = RandomRows.Draw(3, 20, 3).View();

        Refusal.Of<ArgumentNullException>(() => catalog.EvaluateProbabilities(null!));
        Refusal.Of<ArgumentException>(() => catalog.EvaluateProbabilities(data, labelColumnName: ""));
        Refusal.Of<ArgumentException>(() => catalog.EvaluateProbabilities(data, probabilityColumnName: ""));
        Refusal.Of<ArgumentNullException>(() => SoftmaxCatalog.EvaluateProbabilities(null!, data));
        Refusal.Of<ArgumentNullException>(() => new ProbabilityEvaluationOptions { CalibrationBins = null! });
        Refusal.Of<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { ConfidentMistakes = -1 });
        Refusal.Of<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { DoubtfulRows = -1 });
        Refusal.Of<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { LargestConfusionMatrix = 20_000 });
        Refusal.Of<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { ConfidenceLevel = 0 });
        Refusal.Of<ArgumentOutOfRangeException>(() => new ProbabilityEvaluationOptions { MaxDegreeOfParallelism = 0 });
    }

    [Fact]
    public void Decisions_NullArguments_AreNamed()
    {
        var (mlContext, data) = (new MLContext(1), RandomRows.Draw(3, 20, 3).View());
        var (catalog, transforms) = (mlContext.MulticlassClassification, mlContext.Transforms);
        var decide = transforms.Decide(minimumConfidence: 0.5f).Fit(data);
        Named("catalog", () => SoftmaxCatalog.EvaluateThreshold(null!, data, decide), () => SoftmaxCatalog.EvaluateDecisions(null!, data),
            () => SoftmaxCatalog.EvaluatePredictionSets(null!, data), () => SoftmaxCatalog.Decide(null!, new DecisionOptions()),
            () => SoftmaxCatalog.TopK(null!, "Top"));
        Named("data", () => catalog.EvaluateThreshold(null!, decide), () => catalog.EvaluateDecisions(null!),
            () => catalog.EvaluatePredictionSets(null!));
        Named("decide", () => catalog.EvaluateThreshold(data, null!));
        Named("options", () => transforms.Decide((DecisionOptions)null!), () => catalog.Trainers.MultilayerPerceptron(options: null!));

        static void Named(string parameter, params Action[] calls) =>
            Assert.All(calls, call => Assert.Throws<ArgumentNullException>(parameter, call));
    }

    private static void Refuses(string message, IDataView data, ProbabilityEvaluationOptions? options = null) =>
        Refusal.Of<ArgumentOutOfRangeException>(() => EvaluatedViews.Evaluate(data, options), message);
}
