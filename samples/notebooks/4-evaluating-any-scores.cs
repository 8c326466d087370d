// Made from 4-evaluating-any-scores.ipynb. Change the notebook, then run: dotnet run --project tests/NotebookRunner -- --update
// In another folder, replace the next line with: #:package MLNet.Softmax@*
#:project ../../src/MLNet.Softmax/MLNet.Softmax.csproj
#:property PublishAot=false

using System.Globalization;
using MLNet.Softmax.Evaluation;
using Microsoft.ML;
using Microsoft.ML.Data;

// # Evaluating any model's scores
//
// The model need not be one of ML.NET's, nor be here at all: a file of scores is enough. This notebook writes such a
// file, reads it, finds out that its scores are no probabilities, mends that, and shows the whole evaluation.

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// ## A file of scores
//
// A label and a logit for each of three classes, as any framework can write them. These logits are drawn so that twice
// their softmax would be honest: the model is not sure enough.

string folder = Directory.CreateTempSubdirectory().FullName;
string file = Path.Combine(folder, "scores.csv");
using (var writer = new StreamWriter(file))
{
    writer.WriteLine("Label,Cat,Dog,Fox");
    string[] animals = ["Cat", "Dog", "Fox"];
    var random = new Random(1);
    for (int row = 0; row < 4000; row++)
    {
        double[] z = [.. animals.Select(_ => 6 * (random.NextDouble() + random.NextDouble() - 1))];
        double draw = random.NextDouble() * z.Sum(Math.Exp);
        int label = 0;
        while (label < 2 && (draw -= Math.Exp(z[label])) > 0)
            label++;
        writer.WriteLine($"{animals[label]},{string.Join(",", z.Select(value => (value / 2).ToString("F4")))}");
    }
}

foreach (string line in File.ReadLines(file).Take(4))
    Console.WriteLine(line);

var mlContext = new MLContext(seed: 1);
var scores = mlContext.Data.LoadFromTextFile<Scores>(file, separatorChar: ',', hasHeader: true);

// ## Scores that are not probabilities are refused
//
// `Concatenate` names the classes after the columns, so that the labels, which are text, find them by name. With keys for
// labels, ML.NET's `Evaluate` would compute a log-loss of these numbers without a word. `EvaluateProbabilities` does not.

var named = mlContext.Transforms.Concatenate("Score", "Cat", "Dog", "Fox").Fit(scores).Transform(scores);
try
{
    mlContext.MulticlassClassification.EvaluateProbabilities(named, probabilityColumnName: "Score");
}
catch (Exception exception)
{
    Console.WriteLine(exception.Message);
}

// ## Add a softmax, and calibrate on one half
//
// A softmax makes probabilities of them; a temperature fitted on half of the rows makes them honest on the other half.

var half = mlContext.Data.TrainTestSplit(named, testFraction: 0.5, seed: 1);

var plain = mlContext.Transforms.Softmax("Probability", "Score").Fit(half.TrainSet);
var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(half.TrainSet);
Console.WriteLine($"temperature {calibrator.Calibration.Temperature:F2}");

var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain.Transform(half.TestSet));
var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrator.Transform(half.TestSet));
Console.WriteLine(ProbabilityMetrics.Compare(before, after));

// ## The whole evaluation
//
// A `ProbabilityMetrics` shows itself: as a table in a console, as a report in a notebook, and as one HTML file with
// `SaveReport`.

Console.WriteLine(after);

string report = Path.Combine(folder, "report.html");
after.SaveReport(report);
Console.WriteLine(new FileInfo(report).Length > 10_000 ? "The report is written." : "The report is empty?");
Directory.Delete(folder, recursive: true);

Print(after);

// A console shows no markup: it goes to a file, whose path is printed.
void Print(object value)
{
    var text = value.ToString()!;
    if (text.StartsWith('<'))
    {
        var path = Path.Combine(Path.GetTempPath(), $"4-evaluating-any-scores-{Guid.NewGuid():N}.html");
        File.WriteAllText(path, text);
        text = $"Saved as {path}";
    }

    Console.WriteLine(text);
}

public class Scores
{
    [LoadColumn(0)] public string Label { get; set; } = "";
    [LoadColumn(1)] public float Cat { get; set; }
    [LoadColumn(2)] public float Dog { get; set; }
    [LoadColumn(3)] public float Fox { get; set; }
}
