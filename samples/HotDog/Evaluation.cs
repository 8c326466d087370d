using Microsoft.ML;
using Spectre.Console;

namespace HotDog;

/// <summary>ML.NET's own metrics, on probabilities.</summary>
internal static class Evaluation
{
    public static void Show(MLContext mlContext, IDataView scored, IReadOnlyList<JudgedPhotograph> judged, float threshold)
    {
        var metrics = mlContext.MulticlassClassification.Evaluate(scored, scoreColumnName: nameof(Prediction.Probability));
        var right = judged.Count(one => Decision.IsHotDog(one.HotDogProbability, threshold) == one.IsHotDog);
        var sum = judged.Max(one => Math.Abs(one.Prediction.Probability.Sum() - 1));
        var grid = new Grid().AddColumn().AddColumn().AddColumn();
        void Row(string name, string value, string note) => grid.AddRow(new Text(name), new Text(value), new Text(note, Color.Grey));
        Row("Accuracy", $"{metrics.MicroAccuracy:0.000}", "the more probable class is the right one");
        Row("At the threshold", $"{right / (double)judged.Count:0.000}", $"right answers at {threshold:0.00}");
        Row("Log-loss", $"{metrics.LogLoss:0.000}", "nats; always saying 50 % would cost 0.693");
        Row("Probabilities", "sum to 1", $"in every row, to within {sum:0.0e+0}");
        AnsiConsole.Write(grid);
    }
}
