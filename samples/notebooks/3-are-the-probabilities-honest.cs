// Made from 3-are-the-probabilities-honest.ipynb. Change the notebook, then run: dotnet run --project tests/NotebookRunner -- --update
// In another folder, replace the next line with: #:package MLNet.Softmax@*
#:project ../../src/MLNet.Softmax/MLNet.Softmax.csproj
#:property PublishAot=false

using System.Globalization;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using Microsoft.ML;
using Microsoft.ML.Data;

// # Are the probabilities honest?
//
// A network that says 90 % should be right nine times in ten when it says so. Most are not: trained until the training
// rows are learned by heart, they sound surer than they are. This notebook makes such a network, looks at its
// reliability, mends it with one number, and then asks for something stronger: sets of answers that hold the truth in
// nine rows of ten, guaranteed.

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// ## A network that is too sure
//
// Five dishes, described by twenty noisy measurements. There are few rows to learn from and many weights to learn them
// with.

IEnumerable<Meal> Meals(int count, int seed)
{
    string[] dishes = ["hot dog", "burger", "pizza", "sushi", "salad"];
    var shapes = new Random(1);
    float[][] typical =
        [.. dishes.Select(_ => Enumerable.Range(0, 20).Select(_ => shapes.NextSingle()).ToArray())];
    var random = new Random(seed);
    for (int i = 0; i < count; i++)
    {
        float Noise() => 1.4f * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
        float[] features = [.. typical[i % 5].Select(value => value + Noise())];
        yield return new Meal { Label = dishes[i % 5], Features = features };
    }
}

var mlContext = new MLContext(seed: 1);
var train = mlContext.Data.LoadFromEnumerable(Meals(400, seed: 2));
var heldOut = mlContext.Data.LoadFromEnumerable(Meals(1000, seed: 3));
var test = mlContext.Data.LoadFromEnumerable(Meals(3000, seed: 4));

var trained = mlContext.Transforms.Conversion.MapValueToKey("Label")
    .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(
        hiddenLayers: [64], epochCount: 60, l2Regularization: 0, seed: 1))
    .Fit(train);
var plain = trained.Append(
    mlContext.Transforms.Softmax("Probability", "Score").Fit(trained.Transform(heldOut)));
var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain.Transform(test));

Console.WriteLine($"It is right in    {before.MicroAccuracy:P1} of the rows,");
Console.WriteLine($"and claims to be  {before.MeanConfidence:P1} sure of them, on average.");

// ## Reliability
//
// Sort the answers into bins by how sure they claim to be, and look at how often each bin is right. In an honest network
// the two agree. The **expected calibration error** is the mean distance between them, weighted by the rows in each bin.

Print(new ReliabilityDiagram(before) { Title = "Before calibration" });

// The orange bars are what was claimed and not delivered.
//
// ## One number
//
// Divide the logits by a temperature, and choose the one under which held-out rows are least surprising: the one of the
// smallest negative log-likelihood. The rows must be others than the trainer's, for on those the network is as good as it
// claims.

var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(heldOut));
var fit = calibrator.Calibration;
Console.WriteLine($"T = {fit.Temperature:F2}, from {fit.RowsUsed} rows: "
    + $"log-loss {fit.LossBefore:F3} before, {fit.LossAfter:F3} after");

var calibrated = trained.Append(calibrator);
var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrated.Transform(test));
Console.WriteLine($"expected calibration error {before.ExpectedCalibrationError:P1} before, "
    + $"{after.ExpectedCalibrationError:P1} after");

Print(new ReliabilityDiagram(after) { Title = "After calibration" });

// The same network, the same answers, the same accuracy; only the claims have changed. Is the difference real, or luck of
// these rows? Both models judged the same rows, so they can be compared pair by pair.

Print(ProbabilityMetrics.Compare(before, after));

// ## An answer that holds the truth
//
// A probability is still a number that somebody must read. A **prediction set** is a list of labels, the most probable
// first, made so that nine lists in ten hold the true one, whatever the model and however wrong its probabilities, as
// long as new rows are like the held-out ones. Where the model is sure the list has one entry; where it is not, more.

var scoredHeldOut = calibrated.Transform(mlContext.Data.LoadFromEnumerable(Meals(1000, seed: 5)));
var sets = mlContext.MulticlassClassification.Calibrators
    .PredictionSet(coverage: 0.9, method: PredictionSetMethod.Lac).Fit(scoredHeldOut);
var withSets = sets.Transform(calibrated.Transform(test));

var truths = Meals(3000, seed: 4).Select(meal => meal.Label).ToArray();
var answers = withSets.GetColumn<string[]>("PredictionSet").ToArray();
int holding = answers.Zip(truths).Count(row => row.First.Contains(row.Second));
Console.WriteLine($"{holding / 3000.0:P1} of the sets hold the truth");
foreach (var size in answers.GroupBy(answer => Math.Min(answer.Length, 3)).OrderBy(group => group.Key))
    Console.WriteLine($"{size.Key}{(size.Key == 3 ? " or more" : "")} labels: {size.Count()} rows");

var shown = answers.Zip(truths).DistinctBy(row => Math.Min(row.First.Length, 3)).OrderBy(row => row.First.Length);
foreach (var (answer, truth) in shown)
    Console.WriteLine($"{{ {string.Join(", ", answer)} }}  (it was {truth})");

// Next: [Evaluating any model's scores](4-evaluating-any-scores.ipynb)

// A console shows no markup: it goes to a file, whose path is printed.
void Print(object value)
{
    var text = value.ToString()!;
    if (text.StartsWith('<'))
    {
        var path = Path.Combine(Path.GetTempPath(), $"3-are-the-probabilities-honest-{Guid.NewGuid():N}.html");
        File.WriteAllText(path, text);
        text = $"Saved as {path}";
    }

    Console.WriteLine(text);
}

public class Meal
{
    public string Label { get; set; } = "";
    [VectorType(20)] public float[] Features { get; set; } = [];
}
