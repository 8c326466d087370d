using Microsoft.ML;
using MLNet.Softmax;
using MLNet.Softmax.Samples;
using Spectre.Console;

namespace HotDogPhotos;

/// <summary>The account: split, train, evaluate, save, load, ask about single photographs.</summary>
internal static class PhotosStory
{
    public static void Tell(PhotosSettings settings)
    {
        AnsiConsole.WriteLine(MLNetHost.Line);
        var photos = PhotoFile.Find(settings.Images);
        var mlContext = new MLContext(PhotosSettings.Seed);
        var data = mlContext.Data.ShuffleRows(mlContext.Data.LoadFromEnumerable(photos), PhotosSettings.Seed);
        var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.25, seed: PhotosSettings.Seed);
        var heldOut = mlContext.Data.CreateEnumerable<PhotoFile>(split.TestSet, reuseRowObject: false).ToList();
        AnsiConsole.WriteLine($"{photos.Count - heldOut.Count} photographs to learn from, {heldOut.Count} held out.");

        using var model = PhotosTraining.Run(mlContext, settings, split.TrainSet, photos.Count - heldOut.Count);
        AnsiConsole.WriteLine($"The trainer's Score was found to hold {model.OfType<SoftmaxTransformer>().Single().ScoreKind}.");

        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet), scoreColumnName: "Probability");
        AnsiConsole.WriteLine($"On the held-out photographs: accuracy {metrics.MicroAccuracy:0.000}, log-loss {metrics.LogLoss:0.000}.");

        mlContext.Model.Save(model, data.Schema, settings.Save);
        AnsiConsole.WriteLine($"Saved {settings.Save}. A fresh MLContext loaded it and was shown single photographs:");
        ShowPredictions(settings.Save, heldOut.DistinctBy(photo => photo.Label));
    }

    private static void ShowPredictions(string path, IEnumerable<PhotoFile> photos)
    {
        var mlContext = new MLContext();
        mlContext.ComponentCatalog.RegisterSoftmax();
        var model = mlContext.Model.Load(path, out _);
        using var engine = mlContext.Model.CreatePredictionEngine<PhotoFile, PhotoPrediction>(model);
        var table = new Table().Border(TableBorder.Rounded).AddColumn("photograph").AddColumn("most probable");
        foreach (var photo in photos)
        {
            var prediction = engine.Predict(photo);
            var answers = prediction.TopLabels.Zip(prediction.TopScores, (label, score) => $"{score:0.0%} {label}");
            table.AddRow(Markup.Escape($"{photo.Label}/{Path.GetFileName(photo.ImagePath)}"), Markup.Escape(string.Join(", ", answers)));
        }

        AnsiConsole.Write(table);
    }
}
