using Microsoft.ML;
using MLNet.Softmax;
using MLNet.Softmax.Training;
using Spectre.Console;

namespace HotDog;

/// <summary>Trains under a progress bar.</summary>
internal static class Training
{
    public static ITransformer Run(MLContext mlContext, PhotographSplit split)
    {
        AnsiConsole.WriteLine(
            $"{Count(mlContext, split.Training)} photographs to learn from, "
            + $"{Count(mlContext, split.Calibration)} to calibrate on, "
            + $"{Count(mlContext, split.Judging)} to judge by. Seed {HotDogSettings.Seed}.");
        TrainingProgress? first = null, last = null;
        var model = AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(bar =>
        {
            var task = bar.AddTask("Multilayer perceptron", maxValue: HotDogPipeline.EpochCount);
            return HotDogPipeline.Create(mlContext, new Synchronous(epoch =>
            {
                first ??= epoch;
                last = epoch;
                task.Description = $"Epoch {epoch.Epoch,2} of {epoch.EpochCount}";
                task.Value = epoch.Epoch;
            })).Fit(split.Training);
        });
        AnsiConsole.WriteLine($"Mean loss with the weight penalty: {first!.TrainingLoss:0.000} in epoch 1, "
            + $"{last!.TrainingLoss:0.000} in epoch {last.Epoch}.");
        return model;
    }

    private static int Count(MLContext mlContext, IDataView data) =>
        mlContext.Data.CreateEnumerable<Photograph>(data, reuseRowObject: true).Count();

    /// <summary>Unlike <see cref="Progress{T}"/>, calls back on the training thread and so in order.</summary>
    private sealed class Synchronous(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
