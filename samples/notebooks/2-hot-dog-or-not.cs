// Made from 2-hot-dog-or-not.ipynb. Change the notebook, then run: dotnet run --project tests/NotebookRunner -- --update
// In another folder, replace the next line with: #:package MLNet.Softmax@*
#:project ../../src/MLNet.Softmax/MLNet.Softmax.csproj
#:property PublishAot=false

using System.Globalization;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Training;
using Microsoft.ML;
using Microsoft.ML.Data;

// # Hot dog or not
//
// Two hundred photographs, a hundred of them of hot dogs. A ResNet18 that was trained on ImageNet has turned each
// photograph into 512 numbers. This notebook adds the rest: a classifier, honest probabilities, a decision, a readable
// answer, and a model file. The last section shows the steps from the photograph to the numbers.

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// ## The data
//
// The features lie beside the hot-dog sample of the repository. Each row has an image, a label and `F0` to `F511`.

string[] places = ["samples/HotDog/Data/resnet18-features.csv", "../HotDog/Data/resnet18-features.csv"];
string file = places.First(File.Exists);
var mlContext = new MLContext(seed: 1);
var photographs = mlContext.Data.LoadFromTextFile<Photograph>(file, separatorChar: ',', hasHeader: true);
var split = mlContext.Data.TrainTestSplit(photographs, testFraction: 0.3, seed: 1);

var labels = photographs.GetColumn<string>("Label").ToArray();
foreach (var group in labels.GroupBy(label => label))
    Console.WriteLine($"{group.Key,-10} {group.Count()}");

// ## The pipeline
//
// Labels become keys. The trainer learns raw scores; **softmax** turns them into probabilities; a **temperature** makes
// the probabilities honest; a **threshold** decides. `CrossFit` fits temperature and threshold on scores of photographs
// that the model was not trained on, and still trains on all of them.
//
// The perceptron has no hidden layer, and the L2 regularization is strong: with so few photographs, a larger network
// learns them by heart. The 512 numbers come from one network and share one scale, so they stay as they are.

var catalog = mlContext.MulticlassClassification;
var trainer = catalog.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
{
    HiddenLayers = [],
    StandardizeFeatures = false,
    L2Regularization = 0.2f,
    Seed = 1,
});
var calibrators = catalog.Calibrators;
var calibrated = calibrators.CrossFit(
    trainer.Append(mlContext.Transforms.Softmax("Uncalibrated", "Score")),
    calibrators.Temperature()
        .Append(calibrators.Threshold(ThresholdGoal.Precision(0.9), positiveClass: "hotdog")));
var model = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(calibrated).Fit(split.TrainSet);
var scored = model.Transform(split.TestSet);

var before = catalog.EvaluateProbabilities(scored, probabilityColumnName: "Uncalibrated");
var metrics = catalog.EvaluateProbabilities(scored);
Console.WriteLine($"{metrics.RowsUsed} photographs held out");
Console.WriteLine($"accuracy {metrics.MicroAccuracy:P1}");
Console.WriteLine($"log-loss {before.LogLoss:F2} before calibration, {metrics.LogLoss:F2} after "
    + $"(always saying 50 % would cost {Math.Log(2):F2})");

// The temperature was fitted on the photographs of the training set, and lowered the log-loss there. On these 65 it does
// not: they are few, and the model happens to do well on them. Measure before you decide; [notebook
// 3](3-are-the-probabilities-honest.ipynb) does that on enough rows.
//
// ## The decision is yours
//
// A probability is not yet an answer. Somebody must say from which probability on a thing is called a hot dog, and that
// depends on which mistake hurts more: calling a shoe a hot dog, or missing one. **Precision** is the share of hot dogs
// among those called one; **recall** the share of the hot dogs that were found. The threshold trades one for the other.
//
// `Calibrators.Threshold` in the pipeline has chosen one: the lowest at which nine in ten that are called a hot dog are
// one. `EvaluateThreshold` says how it does on photographs that did not choose it, and gives the curve over all
// thresholds.

// The last step of the model, of CrossFit, and of what CrossFit fitted.
var decide = model.LastTransformer.LastTransformer.LastTransformer;
var (fit, figures) = (decide.Calibration!, catalog.EvaluateThreshold(scored, decide));
Console.WriteLine($"threshold {fit.Threshold:F2}: precision {fit.After.Value:P0} where it was chosen, "
    + $"{figures.After.Value:P0} on the photographs held out");

Console.WriteLine("threshold  precision  recall");
foreach (float threshold in new[] { 0.1f, 0.3f, 0.5f, 0.7f, 0.9f })
{
    var point = figures.Curve.First(point => point.Threshold >= threshold);
    Console.WriteLine($"{threshold,9:F1} {point.Precision,10:P0} {point.Recall,7:P0}");
}

Print(new DecisionCurve(figures) { Title = "Precision and recall of \"hotdog\"" });

// ## The answer, with its second thoughts
//
// Two more steps: **top-k** says what the model thinks, most probable first, and how sure it is; and the decision at the
// threshold, `PredictedLabel`, becomes text. A prediction engine gives them one photograph at a time.

var answering = model.Append(mlContext.Transforms.TopK("Top", "Probability", k: 2)
    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(scored));
var engine = mlContext.Model.CreatePredictionEngine<Photograph, Answer>(answering);
var heldOut = mlContext.Data.CreateEnumerable<Photograph>(split.TestSet, reuseRowObject: false).ToArray();
foreach (var photograph in heldOut.OrderBy(photograph => engine.Predict(photograph).TopScores[0]).Take(3))
{
    var answer = engine.Predict(photograph);
    string top = string.Join("   ", answer.TopLabels.Zip(answer.TopScores, (label, p) => $"{label} {p:P0}"));
    Console.WriteLine($"{photograph.Label + "/" + photograph.Image,-15} {top} => {answer.PredictedLabel}");
}

// Those were the three that it finds hardest.
//
// ## Save, load, ask again
//
// The model is one file. Any process that references the package loads it with `mlContext.Model.Load`.

string path = Path.Combine(Path.GetTempPath(), $"hotdog-{Guid.NewGuid():N}.zip");
mlContext.Model.Save(answering, photographs.Schema, path);

var elsewhere = new MLContext();
var loaded = elsewhere.Model.Load(path, out _);
var loadedEngine = elsewhere.Model.CreatePredictionEngine<Photograph, Answer>(loaded);
bool areSame = heldOut.All(photograph =>
    loadedEngine.Predict(photograph).TopScores.SequenceEqual(engine.Predict(photograph).TopScores));
Console.WriteLine(areSame ? "The same answers, to the last bit." : "Something was lost.");
File.Delete(path);

// ## From your own photographs
//
// ML.NET reads the pictures and runs the network. These steps go before the pipeline above; they have nothing to learn:
//
// ```csharp
// // Microsoft.ML.ImageAnalytics, Microsoft.ML.DnnImageFeaturizer.ResNet18, Microsoft.ML.OnnxTransformer, Microsoft.ML.OnnxRuntime
// var toFeatures = mlContext.Transforms.LoadImages("Picture", imageFolder: "photographs", "Image")
//     .Append(mlContext.Transforms.ResizeImages("Picture", 224, 224))
//     .Append(mlContext.Transforms.ExtractPixels("Pixels", "Picture"))
//     .Append(mlContext.Transforms.DnnFeaturizeImage(
//         "Features", network => network.ModelSelector.ResNet18(mlContext, network.OutputColumn, network.InputColumn), "Pixels"));
// ```
//
// The network takes about 45 ms a photograph, so compute the features once and keep them. The sample does that, and more:
// `dotnet run --project samples/HotDog -- --images DIR` trains on one folder of photographs per class and writes a report
// that shows its mistakes as pictures.
//
// Next: [Are the probabilities honest?](3-are-the-probabilities-honest.ipynb)

// A console shows no markup: it goes to a file, whose path is printed.
void Print(object value)
{
    var text = value.ToString()!;
    if (text.StartsWith('<'))
    {
        var path = Path.Combine(Path.GetTempPath(), $"2-hot-dog-or-not-{Guid.NewGuid():N}.html");
        File.WriteAllText(path, text);
        text = $"Saved as {path}";
    }

    Console.WriteLine(text);
}

public class Photograph
{
    [LoadColumn(0)] public string Image { get; set; } = "";
    [LoadColumn(1)] public string Label { get; set; } = "";
    [LoadColumn(2, 513), VectorType(512)] public float[] Features { get; set; } = [];
}

public class Answer
{
    public string[] TopLabels { get; set; } = [];
    public float[] TopScores { get; set; } = [];
    public string PredictedLabel { get; set; } = "";
}
