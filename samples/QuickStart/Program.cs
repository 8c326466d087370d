using Microsoft.ML;

// Put your own rows here. These three classes overlap.
var random = new Random(1); float Noise() => random.NextSingle() + random.NextSingle();
var foods = Enumerable.Range(0, 2000).Select(i => new Food($"class {i % 3}", i % 3 + Noise(), Noise())).ToArray();

var ml = new MLContext(seed: 1);
var catalog = ml.MulticlassClassification;
var data = ml.Data.TrainTestSplit(ml.Data.LoadFromEnumerable(foods), testFraction: 0.5);
var trainer = ml.Transforms.Concatenate("Features", "Length", "Colour")
    .Append(ml.Transforms.Conversion.MapValueToKey("Label")).Append(catalog.Trainers.LightGbm());
var model = catalog.Calibrators.CrossFit(trainer, catalog.Calibrators.Temperature()).Fit(data.TrainSet);

var before = catalog.EvaluateProbabilities(model.Transform(data.TestSet), probabilityColumnName: "Score");
var after = catalog.EvaluateProbabilities(model.Transform(data.TestSet));
Console.WriteLine($"right {after.MicroAccuracy:P0}, sure {before.MeanConfidence:P0}; calibrated: sure {after.MeanConfidence:P0}");
after.SaveReport("report.html", new() { Before = before });

record Food(string Label, float Length, float Colour);
