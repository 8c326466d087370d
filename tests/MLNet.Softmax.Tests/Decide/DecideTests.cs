using MLNet.Softmax.Tests.Calibration;

namespace MLNet.Softmax.Tests;

public class DecideTests
{
    private static readonly float[][] Rows =
        [[0.5f, 0.3f, 0.2f], [0.1f, 0.45f, 0.45f], [0.3f, 0.3f, 0.4f], [float.NaN, 0.5f, 0.5f], [0.05f, 0.9f, 0.05f]];

    private static readonly DataViewSchema.Annotations Animals = Labels.SlotNames("ant", "bee", "cat");

    private readonly MLContext _mlContext = new(seed: 1);

    private sealed class LabelledScores
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Score { get; set; } = [];
    }

    private sealed class Answer
    {
        public string Named { get; set; } = "";

        public uint PredictedLabel { get; set; }

        public bool PredictedLabelIsSure { get; set; }
    }

    [Fact]
    public void Decide_GivesTheMostProbableClassAsAKeyAndNoneForNaN()
    {
        var decided = _mlContext.Transforms.Decide().FitTransform(View());
        Assert.Equal([1u, 2u, 3u, 0u, 2u], decided.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), decided.Schema["PredictedLabel"].Type);
        Assert.Equal(["ant", "bee", "cat"], decided.Schema["PredictedLabel"].TextAnnotation("KeyValues"));
        Assert.Equal("PredictedLabel", decided.Schema["PredictedLabel"].SingleTextAnnotation("ScoreValueKind"));
    }

    [Fact]
    public void Decide_AtThresholdsConfidenceAndCosts_DecidesAsTheRule()
    {
        Assert.Equal([1u, 2u, 1u, 0u, 2u], Keys(_mlContext.Transforms.Decide(positiveClass: "ant", threshold: 0.3f)));
        Assert.Equal([2u, 2u, 3u, 0u, 2u], Keys(_mlContext.Transforms.Decide(positiveClass: "ant", threshold: 0.6f)));
        Assert.Equal([1u, 0u, 0u, 0u, 2u], Keys(_mlContext.Transforms.Decide(minimumConfidence: 0.5f)));
        Assert.Equal([1u, 3u, 1u, 0u, 2u], Keys(_mlContext.Transforms.Decide(new DecisionOptions
        {
            Thresholds = new Dictionary<string, float> { ["ant"] = 0.2f, ["cat"] = 0.4f },
        })));
        // To take a cat for something else costs 4: 0.8 against 0.5 and 0.7 in row 0.
        Assert.Equal([3u, 3u, 3u, 0u, 2u], Keys(_mlContext.Transforms.Decide(
            costs: new float[,] { { 0, 1, 4 }, { 1, 0, 4 }, { 1, 1, 0 } })));
    }

    [Fact]
    public void Decide_LabelsOfAnyType_ComeBackThroughMapKeyToValue()
    {
        var names = Labels.Merge(Labels.SlotNames("7", "8", "9"), Labels.TrainingLabelValues(NumberDataViewType.Int32, 7, 8, 9));
        var pipeline = _mlContext.Transforms.Decide().Append(_mlContext.Transforms.Conversion.MapKeyToValue("Value", "PredictedLabel"));
        Assert.Equal([7, 8, 9, 0, 8], pipeline.FitTransform(View(names)).GetColumn<int>("Value"));
        Assert.Null(_mlContext.Transforms.Decide().FitTransform(View(null)).Schema["PredictedLabel"]
            .Annotations.Schema.GetColumnOrNull("KeyValues"));
    }

    [Fact]
    public void Decide_AfterATrainer_WorksWithEvaluateAndAnEngineAndSavesAndLoads()
    {
        var data = CalibrationViews.Drawn(300, 1);
        var model = _mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits)
            .Append(_mlContext.Transforms.Decide(new DecisionOptions { MinimumConfidence = 0.6f, AddIsSure = true }))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Named", "PredictedLabel")).Fit(data);
        var scored = model.Transform(data);
        var metrics = _mlContext.MulticlassClassification.Evaluate(scored, predictedLabelColumnName: "PredictedLabel");
        Assert.InRange(metrics.MicroAccuracy, 0.5, 1);

        var expected = _mlContext.Data.CreateEnumerable<Answer>(scored, reuseRowObject: false).ToArray();
        Assert.Contains(expected, answer => answer is { PredictedLabel: 0, PredictedLabelIsSure: false, Named: "" });
        Assert.Contains(expected, answer => answer is { PredictedLabel: 2, PredictedLabelIsSure: true, Named: "b" });
        var loaded = Scores.SaveAndLoad(model, data.Schema);
        Assert.Equivalent(expected, _mlContext.Data.CreateEnumerable<Answer>(loaded.Transform(data), reuseRowObject: false));

        using var engine = _mlContext.Model.CreatePredictionEngine<LabelledScores, Answer>(loaded, data.Schema);
        var scores = data.Column("Score");
        for (var row = 0; row < 20; row++)
            Assert.Equivalent(expected[row], engine.Predict(new LabelledScores { Score = scores[row] }));
    }

    [Fact]
    public void Decide_SavedWithCostsAndACostOfAbstaining_DecidesTheSame()
    {
        // Row 0: a cat taken for something else costs 4 and abstaining 0.45.
        float[,] costs = { { 0, 1, 4 }, { 1, 0, 4 }, { 1, 1, 0 }, { 0.45f, 0.45f, 0.45f } };
        var model = _mlContext.Transforms.Decide(costs: costs).Fit(View());
        var expected = model.Transform(View()).GetColumn<uint>("PredictedLabel").ToArray();
        Assert.Contains(0u, expected[..3]);
        Assert.Equal(expected, Scores.SaveAndLoad(model, View().Schema).Transform(View()).GetColumn<uint>("PredictedLabel"));
    }

    [Fact]
    public void Decide_SavedWithNamesAndAppliedToDataWithout_KeepsTheClassOfItsThreshold()
    {
        var model = _mlContext.Transforms.Decide(positiveClass: "ant", threshold: 0.3f).Fit(View());
        var loaded = Scores.SaveAndLoad(model, View().Schema);
        Assert.Equal([1u, 2u, 1u, 0u, 2u], loaded.Transform(View(null)).GetColumn<uint>("PredictedLabel"));
        // Classes in another order keep their names; a missing one is refused.
        var turned = View(Labels.SlotNames("cat", "bee", "ant"));
        Assert.Equal([1u, 3u, 3u, 0u, 2u], loaded.Transform(turned).GetColumn<uint>("PredictedLabel"));
        Refusal.Of<ArgumentOutOfRangeException>(() => loaded.Transform(View(Labels.SlotNames("x", "y", "z"))), "no class 'ant'");
        // Without names, an index that was found before must be one of the classes.
        var ofLast = _mlContext.Transforms.Decide(positiveClass: "cat", threshold: 0.3f).Fit(View());
        Assert.Equal([1u, 3u, 3u, 0u, 2u], ofLast.Transform(View(null)).GetColumn<uint>("PredictedLabel"));
        var two = new MemoryView().WithScores("Probability", [2], [[0.5f, 0.5f]]);
        Refusal.Of<ArgumentOutOfRangeException>(() => ofLast.Transform(two), "no class 'cat'", "'0', '1'");
    }

    [Fact]
    public void Decide_ByACursorSet_ReadsEachRowOnceAndAllocatesNothing()
    {
        const int Count = 2000;
        var data = new MemoryView().WithScores("Probability", [3], [.. Enumerable.Range(0, Count).Select(i => Rows[i % 3])], Animals);
        foreach (var options in new DecisionOptions[]
        {
            new() { AddIsSure = true },
            new() { AddIsSure = true, Thresholds = new Dictionary<string, float> { ["ant"] = 0.3f } },
            new() { AddIsSure = true, Costs = new float[3, 3] },
        })
        {
            var decided = _mlContext.Transforms.Decide(options).FitTransform(data);
            var reads = data.Reads("Probability");
            using var cursor = decided.GetRowCursor(decided.Schema);
            Cursors.AssertNothingAllocated(
                cursor, Count, Cursors.Reader<uint>(cursor, "PredictedLabel"), Cursors.Reader<bool>(cursor, "PredictedLabelIsSure"));
            Assert.Equal(Count, data.Reads("Probability") - reads);
            Assert.Equal(decided.GetColumn<uint>("PredictedLabel").Order(), Keys(decided.GetRowCursorSet(decided.Schema, 3)).Order());
        }
    }

    [Fact]
    public void Decide_SchemaShape_PromisesWhatTheSchemaHolds()
    {
        var estimator = _mlContext.Transforms.Decide(new DecisionOptions { OutputColumnName = "Is", AddIsSure = true });
        var probability = SchemaShapes.Vector(
            "Probability", NumberDataViewType.Single, new([SchemaShapes.Vector("SlotNames", TextDataViewType.Instance)]));
        var promised = estimator.GetOutputSchema(new SchemaShape([probability]));
        var transformer = estimator.Fit(View());
        Assert.Equal(("Is", "IsIsSure"), (transformer.OutputColumnName, transformer.IsSureColumnName));
        Assert.Null(_mlContext.Transforms.Decide().Fit(View()).IsSureColumnName);
        var held = transformer.Transform(View()).Schema;
        Assert.Equal(held.Select(column => column.Name), promised.Select(column => column.Name));
        var key = promised.Single(column => column.Name == "Is");
        Assert.Equal(
            (SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32 as DataViewType, true), (key.Kind, key.ItemType, key.IsKey));
        Assert.Equal(
            held["Is"].Annotations.Schema.Select(annotation => annotation.Name).Order(),
            key.Annotations.Select(annotation => annotation.Name).Order());
    }

    public static TheoryData<string> Decisions => ["most probable", "sure", "threshold", "thresholds", "every threshold", "costs"];

    [Theory]
    [MemberData(nameof(Decisions))]
    public void Decide_InOnnxRuntime_DecidesTheSame(string decision)
    {
        var random = new Random(4);
        float[][] rows = [.. Rows, .. Enumerable.Range(0, 1000).Select(_ =>
        {
            // Eighths and quarters: many ties.
            var first = random.Next(9) / 8f;
            var second = random.Next(5) / 4f * (1 - first);
            return new[] { first, second, 1 - first - second };
        })];
        var options = new DecisionOptions { AddIsSure = true };
        if (decision == "sure") options.MinimumConfidence = 0.5f;
        if (decision == "threshold") options.Thresholds = new Dictionary<string, float> { ["bee"] = 0.125f };
        if (decision == "thresholds") options.Thresholds = new Dictionary<string, float> { ["bee"] = 0.25f, ["ant"] = 0f };
        if (decision == "every threshold")
            options.Thresholds = new Dictionary<string, float> { ["bee"] = 0.75f, ["ant"] = 0.5f, ["cat"] = 0.75f };
        if (decision == "costs") options.Costs = new float[,] { { 0, 1, 4 }, { 2, 0, 4 }, { 1, 1, 0 }, { 0.5f, 0.5f, 0.5f } };
        foreach (var dimensions in new[] { new[] { 3 }, [1, 3] })
        {
            var data = new MemoryView().WithScores("Probability", dimensions, rows, Animals);
            var model = _mlContext.Transforms.Decide(options).Fit(data);
            Assert.True(model.Transform(data).GetColumn<uint>("PredictedLabel").Distinct().Count() >= 3);
            OnnxParity.AssertSame(_mlContext, model, "Probability", dimensions, rows, Animals);
        }
    }

    [Fact]
    public void Decide_WithMapKeyToValueInOnnxRuntime_GivesTheSameNames()
    {
        // Without the row with NaN: for a missing key, the LabelEncoder that ML.NET writes gives "_Unused" in place of an empty text.
        float[][] rows = [Rows[0], Rows[1], Rows[2], Rows[4]];
        var model = _mlContext.Transforms.Decide(positiveClass: "ant", threshold: 0.3f)
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("Named", "PredictedLabel")).Fit(View());
        OnnxParity.AssertSame(_mlContext, model, "Probability", [3], rows, Animals);
    }

    [Fact]
    public void Decide_BadInput_IsRefusedWithWhatIsExpected()
    {
        var transforms = _mlContext.Transforms;
        Refusal.Of<ArgumentOutOfRangeException>(() => transforms.Decide(positiveClass: "ant", threshold: 1.5f), "'ant' is 1.5", "0 to 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => transforms.Decide(minimumConfidence: float.NaN), "NaN", "from 0 to 1");
        Refusal.Of<ArgumentException>(() => transforms.Decide(positiveClass: "ant"), "Give both or neither");
        Refusal.Of<ArgumentException>(() => transforms.Decide(threshold: 0.5f), "Give both or neither");
        Refusal.Of<ArgumentException>(() => transforms.Decide(costs: new float[4, 2]), "4 x 2", "one row and one column a class");
        Refusal.Of<ArgumentException>(
            () => transforms.Decide(positiveClass: "ant", threshold: 0.5f, costs: new float[3, 3]), "Costs replace thresholds");
    }

    [Fact]
    public void Fit_BadInput_IsRefusedWithWhatIsExpected()
    {
        var transforms = _mlContext.Transforms;
        Refusal.Of<ArgumentOutOfRangeException>(
            () => transforms.Decide(positiveClass: "dog", threshold: 0.5f).Fit(View()), "no class 'dog'", "'ant', 'bee', 'cat'");
        Refusal.Of<ArgumentOutOfRangeException>(() => transforms.Decide(costs: new float[2, 2]).Fit(View()), "2 x 2", "3 classes");
        Refusal.Of<InvalidOperationException>(
            () => transforms.Decide(inputColumnName: "Score").Fit(CalibrationViews.Drawn(20, 1)),
            "'Score' does not hold probabilities", "Transforms.Softmax");
        Refusal.Of<ArgumentOutOfRangeException>(() => transforms.Decide(inputColumnName: "P").Fit(View()), "'P' is missing");
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Fit_InspectsTheFirst64Rows(int goodRows, bool isRefused)
    {
        float[][] rows = [.. Enumerable.Repeat<float[]>([0.5f, 0.5f], goodRows), [2f, 3f]];
        var error = Record.Exception(() => _mlContext.Transforms.Decide().Fit(new MemoryView().WithScores("Probability", [2], rows)));
        Assert.Equal(isRefused, error is InvalidOperationException);
    }

    private static List<uint> Keys(DataViewRowCursor[] cursors)
    {
        var keys = new List<uint>();
        foreach (var cursor in cursors)
        {
            using var open = cursor;
            var (getter, key) = (cursor.GetGetter<uint>(cursor.Schema["PredictedLabel"]), 0u);
            while (cursor.MoveNext())
            {
                getter(ref key);
                keys.Add(key);
            }
        }

        return keys;
    }

    private uint[] Keys(DecideEstimator decide) => [.. decide.FitTransform(View()).GetColumn<uint>("PredictedLabel")];

    private static MemoryView View() => View(Animals);

    private static MemoryView View(DataViewSchema.Annotations? names) => new MemoryView().WithScores("Probability", [3], Rows, names);
}
