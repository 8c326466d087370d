#region evaluate
using MLNet.Softmax.Evaluation;
#endregion

namespace MLNet.Softmax.Tests.Readme;

/// <summary>The recipes of README, run. Another trainer with the same kind of scores replaces one that is not here.</summary>
public class RecipeExamples
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
    public void CrossFit_WithNoRowsToSpare()
    {
        var trainer = Snacks.Trainer(mlContext);

        #region cross-fit
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        var model = calibrators.CrossFit(trainer, calibrators.Temperature(), folds: 5).Fit(train);
        #endregion

        Assert.True(mlContext.MulticlassClassification.EvaluateProbabilities(model.Transform(test)).MicroAccuracy > 0.8);
    }

    [Fact]
    public void ImageClassification_WhoseScoreIsASoftmaxAlready()
    {
        var imageClassification = Snacks.ProbabilityTrainer(mlContext);

        #region after image classification
        // imageClassification = mlContext.MulticlassClassification.Trainers.ImageClassification("Label", "Image")
        var pipeline = imageClassification
            .Append(mlContext.Transforms.Softmax("Probability", "Score", temperature: 1.5f))
            .Append(mlContext.Transforms.TopK("Top", "Probability", k: 3));
        #endregion

        var transformed = pipeline.Fit(train).Transform(test);
        var before = transformed.GetColumn<float[]>("Score").First();
        var after = transformed.GetColumn<float[]>("Probability").First();
        var powers = before.Select(p => Math.Pow(p, 1 / 1.5)).ToArray();
        Assert.Equal(powers[0] / powers.Sum(), after[0], 1e-5);
    }

    [Fact]
    public void ImportedNetwork_WhoseOutputIsLogits()
    {
        var network = Snacks.Trainer(mlContext);

        #region an imported network's logits
        // network = mlContext.Transforms.ApplyOnnxModel("Score", "Image", "network.onnx")
        var pipeline = network.Append(mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits));
        #endregion

        Assert.Equal(1, pipeline.Fit(train).Transform(test).GetColumn<float[]>("Probability").First().Sum(), 1e-5);
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
            decided.Transform(test).Column("Probability").Count(p => p[0] >= fit.Threshold),
            decided.Transform(test).GetColumn<uint>("PredictedLabel").Count(key => key == 1));

        #region decide at a threshold
        var pipeline = trainer
            .Append(mlContext.Transforms.Softmax("Probability", "Score"))
            .Append(mlContext.Transforms.Decide(positiveClass: "hot dog", threshold: 0.8f, minimumConfidence: 0.5f))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        #endregion

        Assert.Contains("", pipeline.Fit(train).Transform(test).GetColumn<string>("PredictedLabel"));
    }

    [Fact]
    public void PredictionSet_ThatHoldsTheTruth()
    {
        var model = Classifier();

        #region prediction sets
        var sets = mlContext.MulticlassClassification.Calibrators.PredictionSet(coverage: 0.9).Fit(model.Transform(heldOut));
        string[] plausible = sets.Transform(model.Transform(test)).GetColumn<string[]>("PredictionSet").First();
        #endregion

        Assert.InRange(plausible.Length, 1, 3);
    }

    [Fact]
    public void SaveAndLoad_InAnotherProcess()
    {
        var model = Classifier();
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        #region save
        mlContext.Model.Save(model, train.Schema, path);
        #endregion

        try
        {
            #region load
            var mlContext = new MLContext();
            var loaded = mlContext.Model.Load(path, out var schema);
            #endregion

            Assert.Equal(model.Transform(test).Column("Probability")[0], loaded.Transform(test).Column("Probability")[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Evaluation_WithReportAndComparison()
    {
        var trained = Snacks.Trainer(mlContext).Fit(train);
        var plain = trained.Append(mlContext.Transforms.Softmax("Probability", "Score").Fit(trained.Transform(heldOut))).Transform(test);
        var temperature = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(heldOut));
        var calibrated = trained.Append(temperature).Transform(test);
        var report = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");

        #region evaluate
        var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain);
        var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrated);
        Console.WriteLine(ProbabilityMetrics.Compare(before, after));
        after.SaveReport(report);
        #endregion

        Assert.True(File.Exists(report));
        File.Delete(report);
    }

    [Fact]
    public void ApplyOnnxModel_StepsFittedOneByOne()
    {
        var data = new MemoryView().WithScores("Logits", [3], [[1, 2, 3], [3, 1, 2]], Labels.SlotNames("ant", "bee", "cat"));
        var exported = mlContext.Transforms.Softmax("Score", "Logits", scoreKind: ScoreKind.Logits).Fit(data);
        var onnxFile = Path.GetTempFileName();
        File.WriteAllBytes(onnxFile, OnnxParity.Export(mlContext, exported, data));

        #region apply onnx model
        var onnx = mlContext.Transforms.ApplyOnnxModel("Score.output", "Logits", onnxFile).Fit(data);
        var topK = mlContext.Transforms.TopK("Top", "Score", k: 2).Fit(onnx.Transform(data));
        var model = onnx.Append(topK);
        #endregion

        Assert.Equal(["cat", "bee"], model.Transform(data).GetColumn<string[]>("TopLabels").First());
        File.Delete(onnxFile);
    }

    private TransformerChain<SoftmaxTransformer> Classifier() =>
        Snacks.Trainer(mlContext).Append(mlContext.Transforms.Softmax("Probability", "Score")).Fit(train);
}

/// <summary>Three snacks, classified by length and colour, with some overlap.</summary>
internal static class Snacks
{
    public static (IDataView Train, IDataView HeldOut, IDataView Test) Split(MLContext mlContext)
    {
        var snacks = Some().ToArray();
        IDataView Load(int from, int count) => mlContext.Data.LoadFromEnumerable(snacks.AsSpan(from, count).ToArray());
        return (Load(0, 300), Load(300, 300), Load(600, 300));
    }

    /// <summary>Gives logits.</summary>
    public static IEstimator<ITransformer> Trainer(MLContext mlContext) => mlContext.Transforms.Conversion.MapValueToKey("Label")
        .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [16], epochCount: 30));

    /// <summary>Gives probabilities in Score, as ML.NET's maximum entropy and image classification trainers do.</summary>
    public static IEstimator<ITransformer> ProbabilityTrainer(MLContext mlContext) => Trainer(mlContext)
        .Append(mlContext.Transforms.Softmax("Score", scoreKind: ScoreKind.Logits));

    private static IEnumerable<Snack> Some()
    {
        var random = new Random(1);
        (string Label, float Length, float Red)[] kinds = [("hot dog", 0.8f, 0.6f), ("pizza", 0.4f, 0.7f), ("salad", 0.4f, 0.2f)];
        float Around(float value) => value + 0.3f * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
        for (int i = 0; i < 900; i++)
            yield return new Snack { Label = kinds[i % 3].Label, Features = [Around(kinds[i % 3].Length), Around(kinds[i % 3].Red)] };
    }
}

internal sealed class Snack
{
    public string Label { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}

internal sealed class Answer
{
    public float[] Probability { get; set; } = [];
}
