namespace MLNet.Softmax.Tests.Calibration;

public sealed class CrossFitTests
{
    /// <summary>A perceptron without hidden layers that maps its labels itself.</summary>
    private static IEstimator<ITransformer> Trainer(MLContext mlContext, int epochCount) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", "Kind").Append(mlContext.MulticlassClassification.Trainers
            .MultilayerPerceptron(hiddenLayers: [], epochCount: epochCount, learningRate: 0.05f, seed: 1));

    [Fact]
    public void Fit_TrainerThatLearnsItsRowsByHeart_CalibratesOnScoresOfUnseenRows()
    {
        var mlContext = new MLContext();
        var (data, rows) = KeptRow.Draw(mlContext, 600);
        var trainer = new MemorisingTrainer(mlContext);
        var calibrators = CalibrationViews.Calibrators(mlContext);
        var model = calibrators.CrossFit(trainer, calibrators.Temperature(scoreKind: ScoreKind.Logits), folds: 4).Fit(data);

        Assert.Equal(5, trainer.SeenByFit.Count);
        Assert.Equal(600, trainer.SeenByFit[0].Count);
        var leftOut = trainer.SeenByFit.Skip(1).SelectMany(seen => Enumerable.Range(0, 600).Except(seen)).Order();
        Assert.Equal(Enumerable.Range(0, 600), leftOut);
        var expected = calibrators.Temperature(scoreKind: ScoreKind.Logits).Fit(CalibrationViews.Labelled(
            [.. rows.Select(row => row.Label + 1)], [.. rows.Select(row => row.Unseen)], ["a", "b", "c"]));
        Assert.Equal(expected.Temperature, model.LastTransformer.Temperature, 1e-4f);
        Assert.Equal(600, model.LastTransformer.Calibration.RowsUsed);

        // On the rows that it was trained on, such a trainer leaves nothing to calibrate.
        var ownRows = trainer.FitTransform(data);
        Refusal.Of<InvalidOperationException>(
            () => calibrators.Temperature(scoreKind: ScoreKind.Logits).Fit(ownRows), "perfectly separable");
    }

    [Fact]
    public void Fit_LabelsMappedInsideTheFolds_ClassesAreMatchedByName()
    {
        var mlContext = new MLContext(1);
        var data = mlContext.Data.LoadFromEnumerable(Flower.Draw(240));
        var calibrators = CalibrationViews.Calibrators(mlContext);
        var model = calibrators.CrossFit(Trainer(mlContext, 30), calibrators.Temperature()).Fit(data);

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
        var mlContext = new MLContext(1);
        var data = mlContext.Data.LoadFromEnumerable(Flower.Draw(200));
        var trainer = Trainer(mlContext, 10);
        var calibrators = CalibrationViews.Calibrators(mlContext);
        var model = calibrators.CrossFit(trainer, calibrators.Temperature().Append(calibrators.PredictionSet())).Fit(data);
        var loaded = Scores.SaveAndLoad(model, data.Schema);

        var expected = model.Transform(data);
        var output = loaded.Transform(data);
        Assert.Equal(expected.Column("Probability"), output.Column("Probability"));
        Assert.Equal(expected.GetColumn<string[]>("PredictionSet"), output.GetColumn<string[]>("PredictionSet"));
        Assert.All(output.GetColumn<string[]>("PredictionSet"), set => Assert.All(set, label => Assert.Contains(label, Flower.Kinds)));
    }

    [Fact]
    public void Append_StepThatReadsTheProbabilities_ShapesAgree()
    {
        var mlContext = new MLContext();
        var data = CalibrationViews.Drawn(200, 2);
        var calibrators = CalibrationViews.Calibrators(mlContext);
        var estimator = calibrators.CrossFit(
            mlContext.Transforms.Softmax("P", "Score"), calibrators.Temperature(scoreColumnName: "P"), scoreColumnName: "P");
        var output = estimator.Append(mlContext.Transforms.TopK("Top", "Probability", k: 2)).FitTransform(data);
        Assert.Equal(200, output.GetColumn<string[]>("TopLabels").Count(labels => labels.Length == 2));
    }

    [Fact]
    public void Fit_ClassThatAFoldLacks_IsNamed()
    {
        var mlContext = new MLContext(1);
        var rows = Flower.Draw(100);
        rows[50].Kind = "orchid";
        var data = mlContext.Data.LoadFromEnumerable(rows);
        var trainer = Trainer(mlContext, 2);
        var calibrators = CalibrationViews.Calibrators(mlContext);
        Refusal.Of<InvalidOperationException>(
            () => calibrators.CrossFit(trainer, calibrators.Temperature()).Fit(data), "'orchid' is missing");
    }

    [Fact]
    public void CrossFit_ArgumentsThatMakeNoSense_AreRefusedAtOnce()
    {
        var mlContext = new MLContext();
        var calibrators = CalibrationViews.Calibrators(mlContext);
        var trainer = new MemorisingTrainer(mlContext);
        Assert.Throws<ArgumentOutOfRangeException>(() => calibrators.CrossFit(trainer, calibrators.Temperature(), folds: 1));
        Assert.Throws<ArgumentNullException>(() => calibrators.CrossFit(null!, calibrators.Temperature()));
        Assert.Throws<ArgumentNullException>(() => calibrators.CrossFit<TemperatureCalibratorTransformer>(trainer, null!));
        Assert.Throws<ArgumentException>(() => calibrators.CrossFit(trainer, calibrators.Temperature(), scoreColumnName: ""));
    }
}
