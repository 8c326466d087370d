using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Tests.Options;

/// <summary>Every column name that a catalog method takes is used for its own column, whatever the columns are called.</summary>
public class ColumnNamesTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly MemoryView _data;

    public ColumnNamesTests()
    {
        var drawn = Calibration.CalibrationViews.Drawn(300, 2);
        float[][] scores = [.. drawn.Column("Score")];
        uint[] labels = [.. drawn.GetColumn<uint>("Label")];
        _data = new MemoryView().WithKeys("Truth", 3, labels, Labels.KeyValues("a", "b", "c"))
            .WithScores("Raw", [3], scores, Labels.SlotNames("a", "b", "c"))
            .WithScores("Share", [3],
                [.. scores.Select(row => Scores.NaiveSoftmax(row).Select(p => (float)p).ToArray())], Labels.SlotNames("a", "b", "c"))
            // The first 100 rows count nothing.
            .With("Weight", NumberDataViewType.Single, [.. labels.Select((_, row) => row < 100 ? 0f : 1f)]);
    }

    private MulticlassClassificationCatalog Catalog => _mlContext.MulticlassClassification;

    [Fact]
    public void Calibrators_ReadAndAddTheColumnsThatTheyAreGiven()
    {
        var calibrators = Catalog.Calibrators;
        ITransformer[] fitted =
        [
            calibrators.Temperature("Truth", "Raw", "P", "Weight", ScoreKind.Logits).Fit(_data),
            calibrators.VectorScaling("Truth", "Raw", "P", "Weight", ScoreKind.Logits).Fit(_data),
            calibrators.MatrixScaling("Truth", "Raw", "P", "Weight", ScoreKind.Logits).Fit(_data),
            calibrators.Dirichlet("Truth", "Raw", "P", "Weight", ScoreKind.Logits).Fit(_data),
            calibrators.Isotonic("Truth", "Raw", "P", "Weight", ScoreKind.Logits).Fit(_data),
            calibrators.CrossFit(
                _mlContext.Transforms.LogSoftmax("L", "Raw"), calibrators.Temperature("Truth", "L", "P", "Weight", ScoreKind.Logits),
                2, "Truth", "L", "Weight", null, 3).Fit(_data).LastTransformer,
        ];
        foreach (var transformer in fitted)
        {
            var score = Assert.IsAssignableFrom<ScoreTransformer>(transformer);
            Assert.Equal(
                ("P", score is TemperatureCalibratorTransformer && transformer == fitted[^1] ? "L" : "Raw", ScoreKind.Logits),
                (score.OutputColumnName, score.InputColumnName, score.ScoreKind));
            Assert.Equal(100, LeftOutOf(transformer).ZeroWeight);
        }

        var sets = calibrators.PredictionSet(
            0.8, PredictionSetMethod.Aps, "Truth", "Share", "Set", "Weight", PredictionSetConditional.PerClass).Fit(_data);
        Assert.Equal(("Set", "Share"), (sets.PredictionSetColumnName, sets.ProbabilityColumnName));
        Assert.Equal((0.8, PredictionSetMethod.Aps, 3), (sets.Calibration.Coverage, sets.Calibration.Method,
            sets.Calibration.ClassThresholds.Length));
        Assert.Equal(100, LeftOutOf(sets).ZeroWeight);
        var decide = calibrators.Threshold(ThresholdGoal.FBeta(), "b", "Truth", "Share", "Answer", "Weight").Fit(_data);
        Assert.Equal(("Answer", "Share", "b"), (decide.OutputColumnName, decide.InputColumnName, decide.Thresholds.Keys.Single()));
        Assert.Equal(100, LeftOutOf(decide).ZeroWeight);
    }

    [Fact]
    public void Evaluations_ReadTheColumnsThatTheyAreGiven()
    {
        var decide = _mlContext.Transforms.Decide("Answer", "Share", "b", 0.4f).Fit(_data);
        var sets = Catalog.Calibrators.PredictionSet(0.8, PredictionSetMethod.Lac, "Truth", "Share", "Set").Fit(_data);
        var answered = sets.Transform(decide.Transform(_data));

        var threshold = Catalog.EvaluateThreshold(answered, decide, ThresholdGoal.FBeta(2), "Truth", "Weight");
        Assert.Equal((200, 0.4f, 2), (threshold.RowsUsed, threshold.Threshold, threshold.Goal.Wanted));
        Assert.Equal(300, Catalog.EvaluateThreshold(answered, decide, labelColumnName: "Truth").RowsUsed);
        Assert.Equal(300, Catalog.EvaluateDecisions(answered, "Truth", "Answer", "Share", "b").RowsUsed);
        Assert.Equal(300, Catalog.EvaluatePredictionSets(answered, "Truth", "Set", "Share").RowsUsed);
        var options = new ProbabilityEvaluationOptions { ExampleWeightColumnName = "Weight" };
        Assert.Equal(200, Catalog.EvaluateProbabilities(answered, "Truth", "Share", options).RowsUsed);
    }

    [Fact]
    public void Perceptron_ReadsTheColumnsThatItIsGiven()
    {
        var trainer = Catalog.Trainers.MultilayerPerceptron("Truth", "Raw", "Weight", [5, 4], 2, 7, 0.01f, 0.5f, seed: 3);
        var same = Catalog.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            LabelColumnName = "Truth",
            FeatureColumnName = "Raw",
            ExampleWeightColumnName = "Weight",
            HiddenLayers = [5, 4],
            EpochCount = 2,
            BatchSize = 7,
            LearningRate = 0.01f,
            L2Regularization = 0.5f,
            Seed = 3,
        });
        Assert.Equal(same.Fit(_data).Transform(_data).Column("Score"), trainer.Fit(_data).Transform(_data).Column("Score"));
        Assert.Equal([64], Catalog.Trainers.MultilayerPerceptron("Truth", "Raw", epochCount: 1).Fit(_data).Model.HiddenLayers);
    }

    private static RowsLeftOut LeftOutOf(ITransformer transformer) =>
        (RowsLeftOut)((IFitted)transformer).Fit!.GetType().GetProperty("RowsLeftOut")!.GetValue(((IFitted)transformer).Fit)!;
}
