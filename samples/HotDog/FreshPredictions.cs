using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace HotDog;

/// <summary>Loads the saved model as another program would, and asks it about single photographs.</summary>
internal static class FreshPredictions
{
    public static void Show(string path, IReadOnlyList<JudgedPhotograph> judged)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(path, out var inputSchema);
        var featureCount = ((VectorDataViewType)inputSchema[nameof(Photograph.Features)].Type).Size;
        using var engine =
            mlContext.Model.CreatePredictionEngine<Photograph, Prediction>(model, inputSchemaDefinition: Photograph.Schema(featureCount));

        var table = new Table().Border(TableBorder.Rounded).AddColumn("photograph").AddColumn("first").AddColumn("second");
        var largest = 0f;
        foreach (var one in Chosen(judged))
        {
            var prediction = engine.Predict(one.Photograph);
            largest = Math.Max(largest, Math.Abs(prediction.HotDogProbability - one.HotDogProbability));
            table.AddRow([Markup.Escape(one.Photograph.Name),
                .. prediction.TopLabels.Zip(prediction.TopScores, (label, score) => $"{score,6:0.0%} {label}")]);
        }

        AnsiConsole.WriteLine("A fresh MLContext loaded it and was shown single photographs:");
        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(largest == 0 ? "The same answers, to the last bit."
            : $"The answers differ by up to {largest:0.0e+0} from those before saving.");
    }

    /// <summary>The surest hot dog, the surest other one and the most doubtful photograph.</summary>
    private static IEnumerable<JudgedPhotograph> Chosen(IReadOnlyList<JudgedPhotograph> judged) =>
        new[] { judged.MaxBy(one => one.HotDogProbability)!, judged.MinBy(one => one.HotDogProbability)!,
            JudgedPhotograph.MostDoubtful(judged) }.Distinct();
}
