using Microsoft.ML.Runtime;
using MLNet.Softmax.Tests.Calibration;

namespace MLNet.Softmax.Tests.Options;

/// <summary>Each step writes to the log in its own name, and says if it left out rows.</summary>
public class LogSourceTests
{
    public static TheoryData<string> Calibrators =>
        ["Temperature", "VectorScaling", "MatrixScaling", "Dirichlet", "Isotonic", "PredictionSet", "Threshold"];

    [Theory]
    [MemberData(nameof(Calibrators))]
    public void ACalibrator_SaysHowManyRowsItLeftOut(string kind)
    {
        var mlContext = new MLContext(1);
        var log = Labels.LogOf(mlContext);
        var drawn = CalibrationViews.Drawn(100, 1);
        var data = CalibrationViews.Labelled(
            [.. drawn.GetColumn<uint>("Label").Select((label, row) => row < 7 ? 0 : label)],
            [.. drawn.Column("Score").Select(row => Scores.NaiveSoftmax(row).Select(p => (float)p).ToArray())], ["a", "b", "c"]);
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        IEstimator<ITransformer> estimator = kind switch
        {
            "PredictionSet" => calibrators.PredictionSet(probabilityColumnName: "Score"),
            "Threshold" => calibrators.Threshold(ThresholdGoal.Precision(0.1), probabilityColumnName: "Score"),
            _ => CalibrationViews.Create(calibrators, kind),
        };
        estimator.Fit(data);
        Assert.Single(log, message => message.Kind == ChannelMessageKind.Warning && message.Source == $"Calibrators.{kind}"
            && message.RawMessage == "Of the rows with columns 'Label' and 'Score', 93 are used and 7 are not: 7 without a label.");
        var taken = log.Count(message => message.Kind == ChannelMessageKind.Info && message.Source == $"Calibrators.{kind}"
            && message.RawMessage.StartsWith("Column 'Score' is taken as probabilities: the 64 rows", StringComparison.Ordinal));
        Assert.Equal(kind is "PredictionSet" or "Threshold" ? 0 : 1, taken);
    }

    [Fact]
    public void OtherSteps_WriteInTheirNames()
    {
        var mlContext = new MLContext(1);
        var log = Labels.LogOf(mlContext);
        var data = CalibrationViews.Drawn(100, 1);
        mlContext.Transforms.Softmax("P", "Score").Fit(data);
        mlContext.Transforms.LogSoftmax("P", "Score").Fit(data);
        var catalog = mlContext.MulticlassClassification;
        catalog.Calibrators.CrossFit(
            mlContext.Transforms.Softmax("P", "Score"), catalog.Calibrators.Temperature(scoreColumnName: "P"), 2, scoreColumnName: "P")
            .Fit(data);
        catalog.Trainers.MultilayerPerceptron(featureColumnName: "Score", hiddenLayers: [], epochCount: 1).Fit(data);
        var missing = new MemoryView().WithScores("Probability", [2], [[1, 0], [0, 1]]).WithKeys("Label", 2, [0, 2]);
        catalog.EvaluateProbabilities(missing);

        string[] expected =
        [
            "Calibrators.Temperature", "CrossFit", "EvaluateProbabilities", "LogSoftmaxEstimator", "MultilayerPerceptron; Training",
            "SoftmaxEstimator",
        ];
        Assert.Equal(expected, log.Where(message => message.Kind is ChannelMessageKind.Info or ChannelMessageKind.Warning)
            .Select(message => message.Source).Distinct().Order(StringComparer.Ordinal));
    }
}
