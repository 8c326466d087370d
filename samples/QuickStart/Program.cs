using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext(seed: 1);
var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(Snack.Some(900)), testFraction: 0.3);
var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(seed: 1))
    .Append(mlContext.Transforms.Softmax("Probability", "Score"))
    .Append(mlContext.Transforms.TopK("Top", "Probability", k: 3));
var model = pipeline.Fit(split.TrainSet);
var metrics = mlContext.MulticlassClassification.EvaluateProbabilities(model.Transform(split.TestSet));
Console.WriteLine(
    $"accuracy {metrics.MicroAccuracy:P1}, log-loss {metrics.LogLoss:F3}, calibration error {metrics.ExpectedCalibrationError:P1}");

var engine = mlContext.Model.CreatePredictionEngine<Snack, Answer>(model);
var answer = engine.Predict(new Snack { Features = [0.55f, 0.45f] });
Console.WriteLine(string.Join(", ", answer.TopLabels.Zip(answer.TopScores, (label, probability) => $"{label} {probability:P0}")));

class Answer
{
    public string[] TopLabels { get; set; } = [];
    public float[] TopScores { get; set; } = [];
}

// Classified by length and colour, with some overlap.
class Snack
{
    public string Label { get; set; } = "";
    [VectorType(2)] public float[] Features { get; set; } = [];

    public static IEnumerable<Snack> Some(int count)
    {
        var random = new Random(1);
        (string Label, float Length, float Red)[] kinds = [("hot dog", 0.8f, 0.6f), ("pizza", 0.4f, 0.7f), ("salad", 0.4f, 0.2f)];
        float Around(float value) => value + 0.15f * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * 2;
        for (int i = 0; i < count; i++)
            yield return new Snack { Label = kinds[i % 3].Label, Features = [Around(kinds[i % 3].Length), Around(kinds[i % 3].Red)] };
    }
}
