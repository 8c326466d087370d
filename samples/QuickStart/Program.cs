using Microsoft.ML;

var random = new Random(1);   // put your own rows here
float Noise() => random.NextSingle() + random.NextSingle();
var foods = Enumerable.Range(0, 2000).Select(i => new Food($"class {i % 3}", i % 3 + Noise(), Noise())).ToArray();

var mlContext = new MLContext(seed: 1);
var (catalog, split) = (mlContext.MulticlassClassification, mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(foods), 0.5));
var trainer = mlContext.Transforms.Concatenate("Features", "Length", "Colour")
    .Append(mlContext.Transforms.Conversion.MapValueToKey("Label")).Append(catalog.Trainers.LightGbm());
var scored = catalog.Calibrators.CrossFit(trainer, catalog.Calibrators.Temperature()).Fit(split.TrainSet).Transform(split.TestSet);
var (before, after) = (catalog.EvaluateProbabilities(scored, probabilityColumnName: "Score"), catalog.EvaluateProbabilities(scored));
Console.WriteLine($"right {after.MicroAccuracy:P0}, sure {before.MeanConfidence:P0} before calibration and {after.MeanConfidence:P0} after");
after.SaveReport("report.html", new() { Before = before });

record Food(string Label, float Length, float Colour);
