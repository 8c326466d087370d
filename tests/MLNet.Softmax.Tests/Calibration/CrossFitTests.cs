namespace MLNet.Softmax.Tests.Calibration;

public sealed class CrossFitTests
{
    private readonly MLContext _mlContext = new(1);

    private MulticlassCalibratorsCatalog Calibrators => _mlContext.MulticlassClassification.Calibrators;

    /// <summary>A perceptron without hidden layers that maps its labels itself.</summary>
    private IEstimator<ITransformer> Trainer(int epochCount) =>
        _mlContext.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(_mlContext.MulticlassClassification.Trainers
            .MultilayerPerceptron(hiddenLayers: [], epochCount: epochCount, learningRate: 0.05f, seed: 1));

    [Fact]
    public void Fit_TrainerThatLearnsItsRowsByHeart_CalibratesOnScoresOfUnseenRows()
    {
        var (data, rows) = KeptRow.Draw(_mlContext, 600);
        var (trainer, log) = (new MemorisingTrainer(_mlContext), Labels.LogOf(_mlContext));
        var model = Calibrators.CrossFit(trainer, Calibrators.Temperature(scoreKind: ScoreKind.Logits), folds: 4).Fit(data);

        Assert.Equal(5, trainer.SeenByFit.Count);
        Assert.Equal(600, trainer.SeenByFit[0].Count);
        var leftOut = trainer.SeenByFit.Skip(1).SelectMany(seen => Enumerable.Range(0, 600).Except(seen)).Order();
        Assert.Equal(Enumerable.Range(0, 600), leftOut);
        var expected = Calibrators.Temperature(scoreKind: ScoreKind.Logits).Fit(CalibrationViews.Labelled(
            [.. rows.Select(row => row.Label + 1)], [.. rows.Select(row => row.Unseen)], ["a", "b", "c"]));
        Assert.Equal(expected.Temperature, model.LastTransformer.Temperature, 1e-4f);
        Assert.Equal(600, model.LastTransformer.Calibration.RowsUsed);
        var scored = 0;
        foreach (var (fold, seen) in trainer.SeenByFit.Skip(1).Index())
        {
            var line = $"Fold {fold + 1} of 4: {scored += 600 - seen.Count} rows scored by trainers that have not seen them.";
            Assert.Contains(log, message => message.Message.Contains(line, StringComparison.Ordinal));
        }

        // On the rows that it was trained on, such a trainer leaves nothing to calibrate.
        var ownRows = trainer.FitTransform(data);
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.Temperature(scoreKind: ScoreKind.Logits).Fit(ownRows), "perfectly separable");
    }

    [Fact]
    public void Fit_LabelsMappedInsideTheFolds_ClassesAreMatchedByName()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Flower.Draw(240));
        var model = Calibrators.CrossFit(Trainer(30), Calibrators.Temperature()).Fit(data);

        // Mixed-up classes would cost more than knowing nothing, which costs ln 3.
        var fit = model.LastTransformer.Calibration;
        Assert.Equal(240, fit.RowsUsed);
        Assert.InRange(fit.LossAfter, 0.01, 0.8);
        Assert.True(fit.Converged);
        var classes = model.Transform(data).Schema["Probability"].TextAnnotation("SlotNames");
        Assert.Equal(["iris", "rose", "tulip"], classes.Order());
    }

    [Fact]
    public void Fit_ChainOfCalibrators_SavesAndLoadsWithItsTrainer()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Flower.Draw(200));
        var trainer = Trainer(10);
        var model = Calibrators.CrossFit(trainer, Calibrators.Temperature().Append(Calibrators.PredictionSet())).Fit(data);
        var loaded = Scores.SaveAndLoad(model, data.Schema);

        var expected = model.Transform(data);
        var output = loaded.Transform(data);
        Assert.Equal(expected.Column("Probability"), output.Column("Probability"));
        Assert.Equal(expected.GetColumn<string[]>("PredictionSet"), output.GetColumn<string[]>("PredictionSet"));
        Assert.All(output.GetColumn<string[]>("PredictionSet"), set => Assert.All(set, label => Assert.Contains(label, Flower.Kinds)));
    }

    [Fact]
    public void Fit_LabelsInAColumnOfAnotherName_GivesTheSameCalibration()
    {
        double LossAfter(IDataView data, string label) => Calibrators.CrossFit(
            _mlContext.Transforms.Softmax("P", "Score"), Calibrators.Temperature(label, "P"), labelColumnName: label, scoreColumnName: "P")
            .Fit(data).LastTransformer.Calibration.LossAfter;

        var data = CalibrationViews.Drawn(200, 2);
        var renaming = _mlContext.Transforms.CopyColumns("Kind", "Label").Append(_mlContext.Transforms.DropColumns("Label"));
        var renamed = renaming.FitTransform(data);
        Assert.Equal(LossAfter(data, "Label"), LossAfter(renamed, "Kind"));
        // A name that a row of the fit uses itself.
        var weights = _mlContext.Transforms.CopyColumns("Weight", "Label").Append(_mlContext.Transforms.DropColumns("Label"));
        Assert.Equal(LossAfter(data, "Label"), LossAfter(weights.FitTransform(data), "Weight"));
    }

    [Fact]
    public void Fit_LabelsThatAreMissingOrNoClass_AreLeftOut()
    {
        var drawn = CalibrationViews.Drawn(100, 2);
        uint[] labels = [.. drawn.GetColumn<uint>("Label").Select((label, row) => row < 3 ? 0 : row < 8 ? 4 : label)];
        var data = new MemoryView().WithKeys("Label", 4, labels).WithScores("Score", [3], [.. drawn.Column("Score")]);
        var fit = Calibrators.CrossFit(
            _mlContext.Transforms.Softmax("P", "Score"), Calibrators.Temperature(scoreColumnName: "P"), scoreColumnName: "P")
            .Fit(data).LastTransformer.Calibration;
        Assert.Equal((92, new RowsLeftOut(8, 0, 0, 0, 0)), (fit.RowsUsed, fit.RowsLeftOut));
    }

    [Fact]
    public void Fit_RowsOfOneSamplingKey_AreInOneFold()
    {
        var (data, rows) = KeptRow.Draw(_mlContext, 300);
        var groups = _mlContext.Transforms.CopyColumns("Group", "TrueClass").FitTransform(data);
        var trainer = new MemorisingTrainer(_mlContext);
        Calibrators.CrossFit(trainer, Calibrators.Temperature(), folds: 2, samplingKeyColumnName: "Group").Fit(groups);
        Assert.Equal(3, trainer.SeenByFit.Count);
        Assert.All(trainer.SeenByFit.Skip(1), seen => Assert.All(
            rows.GroupBy(row => row.TrueClass), group => Assert.Single(group.Select(row => seen.Contains(row.Id)).Distinct())));
    }

    [Fact]
    public void Fit_AnotherSeed_DividesTheRowsOtherwise()
    {
        var (data, _) = KeptRow.Draw(_mlContext, 100);
        string Folds(int seed)
        {
            var trainer = new MemorisingTrainer(_mlContext);
            Calibrators.CrossFit(trainer, Calibrators.Temperature(), folds: 2, seed: seed).Fit(data);
            return string.Join(" ", trainer.SeenByFit[1].Order());
        }

        Assert.Equal(Folds(1), Folds(1));
        Assert.NotEqual(Folds(1), Folds(2));
    }

    [Fact]
    public void Append_StepThatReadsTheProbabilities_ShapesAgree()
    {
        var data = CalibrationViews.Drawn(200, 2);
        var estimator = Calibrators.CrossFit(
            _mlContext.Transforms.Softmax("P", "Score"), Calibrators.Temperature(scoreColumnName: "P"), scoreColumnName: "P");
        var output = estimator.Append(_mlContext.Transforms.TopK("Top", "Probability", k: 2)).FitTransform(data);
        Assert.Equal(200, output.GetColumn<string[]>("TopLabels").Count(labels => labels.Length == 2));
    }

    [Fact]
    public void Fit_ClassThatAFoldLacks_IsNamed()
    {
        var rows = Flower.Draw(100);
        rows[50].Kind = "orchid";
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var trainer = Trainer(2);
        Refusal.Of<InvalidOperationException>(
            () => Calibrators.CrossFit(trainer, Calibrators.Temperature()).Fit(data), "'orchid' is missing");
    }

    [Fact]
    public void CrossFit_ArgumentsThatMakeNoSense_AreRefusedAtOnce()
    {
        var trainer = new MemorisingTrainer(_mlContext);
        Refusal.Of<ArgumentOutOfRangeException>(() => Calibrators.CrossFit(trainer, Calibrators.Temperature(), folds: 1));
        Refusal.Of<ArgumentNullException>(() => Calibrators.CrossFit(null!, Calibrators.Temperature()));
        Refusal.Of<ArgumentNullException>(() => Calibrators.CrossFit<TemperatureCalibratorTransformer>(trainer, null!));
        Refusal.Of<ArgumentException>(() => Calibrators.CrossFit(trainer, Calibrators.Temperature(), scoreColumnName: ""));
    }
}

/// <summary>A row with what a trainer would say about it if it had not seen it.</summary>
internal sealed class KeptRow
{
    public int Id { get; set; }

    /// <summary>From 0, as ML.NET expects of keys in objects.</summary>
    [KeyType(3)]
    public uint Label { get; set; }

    public int TrueClass { get; set; }

    [VectorType(3)]
    public float[] Unseen { get; set; } = [];

    public float Weight { get; set; } = 1;

    public static (IDataView Data, KeptRow[] Rows) Draw(MLContext mlContext, int count)
    {
        var drawn = CalibrationViews.Drawn(count, 1.8);
        var (labels, scores) = (drawn.GetColumn<uint>("Label").ToArray(), drawn.Column("Score"));
        KeptRow[] rows = [.. Enumerable.Range(0, count).Select(
            id => new KeptRow { Id = id, Label = labels[id] - 1, TrueClass = (int)labels[id] - 1, Unseen = scores[id] })];
        return (mlContext.Data.LoadFromEnumerable(rows), rows);
    }
}

internal sealed class ThreeScores
{
    [VectorType(3)]
    public float[] Score { get; set; } = [];
}

/// <summary>
/// Is certain, and right, about rows that it was fitted on; of others it says what the row holds. Keeps a list of its fits.
/// </summary>
internal sealed class MemorisingTrainer(MLContext mlContext) : IEstimator<ITransformer>
{
    public List<HashSet<int>> SeenByFit { get; } = [];

    public ITransformer Fit(IDataView input)
    {
        HashSet<int> seen = [.. input.GetColumn<int>("Id")];
        SeenByFit.Add(seen);
        return mlContext.Transforms.CustomMapping<KeptRow, ThreeScores>(
            (row, scores) => scores.Score = seen
                .Contains(row.Id) ? [.. Enumerable.Range(0, 3).Select(k => k == row.TrueClass ? 10f : 0f)] : row.Unseen,
            null).Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        mlContext.Transforms.CustomMapping<KeptRow, ThreeScores>((_, _) => { }, null).GetOutputSchema(inputSchema);
}

/// <summary>A row with a label as text and two features that overlap between the kinds.</summary>
internal sealed class Flower
{
    public static readonly string[] Kinds = ["tulip", "rose", "iris"];

    public string Kind { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public static Flower[] Draw(int count)
    {
        var random = new Random(4);
        double Noise() => random.NextDouble() + random.NextDouble() - 1;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var kind = random.Next(3);
            var (x, y) = (Math.Cos(kind * 2.1) + 1.6 * Noise(), Math.Sin(kind * 2.1) + 1.6 * Noise());
            return new Flower { Kind = Kinds[kind], Features = [(float)x, (float)y] };
        })];
    }
}
