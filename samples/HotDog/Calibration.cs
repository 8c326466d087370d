using Microsoft.ML;
using MLNet.Softmax.Calibration;
using MLNet.Softmax.Numerics.Calibration;
using Spectre.Console;

namespace HotDog;

/// <summary>Fits a temperature, and the sets that come with a promise, on photographs that the network has not seen.</summary>
internal static class Calibration
{
    public const double Coverage = 0.9;

    public static ITransformer Run(MLContext mlContext, ITransformer trained, IDataView photographs)
    {
        var calibration = HotDogPipeline.CreateCalibration(mlContext).Fit(trained.Transform(photographs));
        var fit = ((IEnumerable<ITransformer>)calibration).OfType<TemperatureCalibratorTransformer>().Single().Calibration;
        AnsiConsole.WriteLine(
            $"Temperature {fit.Temperature:0.000}, fitted on {fit.RowsUsed} photographs that the network has not seen: "
            + $"log-loss {fit.LossBefore:0.000} -> {fit.LossAfter:0.000} there"
            + (fit.Outcome == FitOutcome.AtLowestTemperature
                ? ". It is the lowest allowed: the network gets every one of them right." : "."));
        AnsiConsole.WriteLine(
            fit.Temperature > 1 ? "Above 1: the network was too sure of itself." : "Below 1: the network was not sure enough.");
        return trained.Append(calibration);
    }

    /// <summary>Before and after, on photographs that neither the network nor the temperature has seen.</summary>
    public static void Show(MLContext mlContext, IDataView scored, IReadOnlyList<JudgedPhotograph> judged)
    {
        var catalog = mlContext.MulticlassClassification;
        var before = catalog.EvaluateProbabilities(scored, probabilityColumnName: Prediction.BeforeCalibration);
        var after = catalog.EvaluateProbabilities(scored);
        var table = new Table().Border(TableBorder.Rounded).AddColumn($"{judged.Count} photographs")
            .AddColumn("before").AddColumn("after").AddColumn("");
        void Row(string name, double old, double now, string note) => table.AddRow(name, $"{old:0.000}", $"{now:0.000}", note);
        Row("log-loss", before.LogLoss, after.LogLoss, "what a probability given to the truth costs");
        Row("calibration error", before.ExpectedCalibrationError,
            after.ExpectedCalibrationError, "between the share claimed and the share right");
        Row("accuracy", before.MicroAccuracy, after.MicroAccuracy, "a temperature never changes which class is first");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        AnsiConsole.Write(table);
        ShowSets(judged);
    }

    private static void ShowSets(IReadOnlyList<JudgedPhotograph> judged)
    {
        var doubtful = JudgedPhotograph.MostDoubtful(judged);
        var covered = judged.Count(one => one.Prediction.PredictionSet.Contains(one.Photograph.Label));
        var single = judged.Count(one => one.Prediction.PredictionSetSize == 1);
        var labels = string.Join(", ", doubtful.Prediction.PredictionSet);
        var share = covered / (double)judged.Count;
        AnsiConsole.WriteLine($"{Coverage:0%} prediction set of {doubtful.Photograph.Name}, the most doubtful one: {{ {labels} }}");
        AnsiConsole.WriteLine(
            $"The sets of {covered} of {judged.Count} photographs hold the truth ({share:0%}); {single} name one class alone.");
    }
}
