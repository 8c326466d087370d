using Microsoft.ML;

namespace ReadmeExamples;

/// <summary>
/// The recipes of README, run. Another trainer with the same kind of scores replaces one that is not here. A block of README shows each
/// using directive of its file but that of Microsoft.ML, so recipes that need more of them have a file of their own.
/// </summary>
public partial class RecipeExamples
{
    private readonly MLContext mlContext = new(seed: 1);
    private readonly IDataView train, heldOut, test;

    public RecipeExamples() => (train, heldOut, test) = Snacks.Split(mlContext);

    [Fact]
    public void Temperature_OnHeldOutRows()
    {
        var trainer = Snacks.Trainer(mlContext);

        #region temperature on held-out rows
        var trained = trainer.Fit(train);
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(heldOut));
        var model = trained.Append(calibrator);

        var fit = calibrator.Calibration;
        Console.WriteLine($"T = {calibrator.Temperature:F2}: log-loss {fit.LossBefore:F3} -> {fit.LossAfter:F3}");
        #endregion

        Assert.True(fit.LossAfter <= fit.LossBefore);
        Assert.NotNull(model.Transform(test).Schema.GetColumnOrNull("Probability"));
    }

    [Fact]
    public void CrossFit_AfterACache_ComputesTheFeaturesOnce()
    {
        int computed = 0;
        void Compute(Measured row, Computed result)
        {
            Interlocked.Increment(ref computed);
            result.Value = row.Features;
        }

        var features = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.CustomMapping<Measured, Computed>(Compute, contractName: null));
        var trainer = mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(featureColumnName: "Computed");

        #region cache
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var pipeline = features.AppendCacheCheckpoint(mlContext)   // each row is computed once
            .Append(calibrators.CrossFit(trainer, calibrators.Temperature(), folds: 5));
        #endregion

        var model = pipeline.Fit(train);
        Assert.Equal(300, computed);
        Assert.True(mlContext.MulticlassClassification.EvaluateProbabilities(model.Transform(test)).MicroAccuracy > 0.8);
    }

    [Fact]
    public void Calibrators_WithoutExtensionProperties()
    {
        #region older languages
        var calibrators = SoftmaxCatalog.get_Calibrators(mlContext.MulticlassClassification);
        #endregion

        Assert.NotNull(calibrators.Temperature());
    }

    [Fact]
    public void ImportedNetwork_WhoseOutputIsLogits()
    {
        var network = Snacks.Trainer(mlContext);

        #region an imported network's logits
        // network = mlContext.Transforms.ApplyOnnxModel("Score", "Image", "network.onnx")
        var pipeline = network.Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
        #endregion

        Assert.Equal(1, pipeline.Fit(train).Transform(test).Column<float[]>("Probability")[0].Sum(), 1e-5);
    }

    [Fact]
    public void Threshold_PickedAndGiven()
    {
        var (model, trainer) = (Classifier(), Snacks.Trainer(mlContext));

        #region pick a threshold
        var decide = mlContext.MulticlassClassification.Calibrators
            .Threshold(ThresholdGoal.Precision(0.95), positiveClass: "hot dog").Fit(model.Transform(heldOut));
        var decided = model.Append(decide);   // its PredictedLabel is "hot dog" from the threshold on

        var (fit, figures) = (decide.Calibration!, mlContext.MulticlassClassification.EvaluateThreshold(model.Transform(test), decide));
        Console.WriteLine($"Threshold {fit.Threshold:F2}: precision {fit.After.Value:P0}, on new rows {figures.After.Value:P0}");
        #endregion

        Assert.Equal(fit.Threshold, figures.Threshold);
        Assert.InRange(fit.After.Value, 0.95, 1);
        Assert.Equal(
            decided.Transform(test).Column<float[]>("Probability").Count(p => p[0] >= fit.Threshold),
            decided.Transform(test).Column<uint>("PredictedLabel").Count(key => key == 1));

        #region decide at a threshold
        var pipeline = trainer
            .Append(mlContext.Transforms.Softmax("Probability", "Score"))
            .Append(mlContext.Transforms.Decide(positiveClass: "hot dog", threshold: 0.8f, minimumConfidence: 0.5f))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        #endregion

        Assert.Contains("", pipeline.Fit(train).Transform(test).Column<string>("PredictedLabel"));
    }

    [Fact]
    public void ApplyOnnxModel_StepsFittedOneByOne()
    {
        var logits = Snacks.Trainer(mlContext)
            .Append(mlContext.Transforms.CopyColumns("Logits", "Score"))
            .Append(mlContext.Transforms.SelectColumns("Logits"));
        var data = mlContext.Data.Cache(logits.Fit(train).Transform(test));
        var exported = mlContext.Transforms.Softmax("Score", "Logits", scoreKind: ScoreKind.Logits).Fit(data);
        var onnxFile = Path.GetTempFileName();
        using (var stream = File.Create(onnxFile))
            mlContext.Model.ConvertToOnnx(exported, data, stream);

        #region apply onnx model
        var onnx = mlContext.Transforms.ApplyOnnxModel("Score.output", "Logits", onnxFile).Fit(data);
        var topK = mlContext.Transforms.TopK("Top", "Score", k: 2).Fit(onnx.Transform(data));
        var model = onnx.Append(topK);
        #endregion

        string[] names = ["hot dog", "pizza", "salad"];
        Array.Sort(data.Column<float[]>("Logits")[0].Select(logit => -logit).ToArray(), names);
        Assert.Equal(names[..2], model.Transform(data).Column<string[]>("TopLabels")[0]);
        File.Delete(onnxFile);
    }

    private sealed class Measured
    {
        [Microsoft.ML.Data.VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Computed
    {
        [Microsoft.ML.Data.VectorType(2)]
        [Microsoft.ML.Data.ColumnName("Computed")]
        public float[] Value { get; set; } = [];
    }

    private ITransformer Classifier() =>
        Snacks.Trainer(mlContext).Append(mlContext.Transforms.Softmax("Probability", "Score")).Fit(train);
}
