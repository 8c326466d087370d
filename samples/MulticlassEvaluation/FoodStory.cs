using Microsoft.ML;
using MLNet.Softmax;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Samples;
using MLNet.Softmax.Training;
using MulticlassEvaluation.Foods;
using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>Five foods drawn, learnt, judged, calibrated and judged again.</summary>
internal static class FoodStory
{
    private const int EpochCount = 40;

    public static void Tell(EvaluationSettings settings)
    {
        var mlContext = new MLContext(settings.Seed);
        int heldOutCount = settings.Pictures / 2;
        var pictures = LateProgress.Run("Drawing", _ => FoodPicture.Draw(2 * settings.Pictures + heldOutCount, settings.Seed));
        var training = mlContext.Data.LoadFromEnumerable(pictures[..settings.Pictures]);
        var heldOut = mlContext.Data.LoadFromEnumerable(pictures[settings.Pictures..(settings.Pictures + heldOutCount)]);
        var test = pictures[(settings.Pictures + heldOutCount)..];
        AnsiConsole.WriteLine($"{settings.Pictures} pictures of {string.Join(", ", Food.All.Select(food => food.Name))} to learn from, "
            + $"{heldOutCount} held out for the temperature, {test.Length} to be judged on:");
        PictureStrip.Show(test.Take(Food.All.Count));

        var model = LateProgress.Run("Training", progress => Train(mlContext, training, settings.Seed, progress));
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature(scoreKind: ScoreKind.Logits)
            .Fit(model.Transform(heldOut));
        string how = $"Temperature {calibrator.Temperature:0.00}, fitted on {calibrator.Calibration.RowsUsed} pictures that it was not trained on";
        AnsiConsole.WriteLine(how + ".");

        var scored = model.Transform(mlContext.Data.LoadFromEnumerable(test));
        var plain = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits).Fit(scored);
        var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain.Transform(scored));
        var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrator.Transform(scored));
        var comparison = ProbabilityMetrics.Compare(before, after, new BootstrapOptions { Resamples = 500, Seed = settings.Seed });
        ResultTable.Show(before, after, comparison);
        ReportFile.Save(after, settings.Report, new ProbabilityReportOptions
        {
            Title = "Five foods",
            Subtitle = $"A perceptron on pictures of {Camera.Side} x {Camera.Side} pixels. {how}.",
            Before = before,
            Comparison = comparison,
        });
    }

    private static ITransformer Train(MLContext mlContext, IDataView training, int seed, IProgress<double> progress)
    {
        var trainer = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            HiddenLayers = [64],
            EpochCount = EpochCount,
            Seed = seed,
            Progress = new EpochProgress(progress),
        });
        return mlContext.Transforms.Conversion.MapValueToKey(nameof(FoodPicture.Label)).Append(trainer).Fit(training);
    }

    private sealed class EpochProgress(IProgress<double> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => progress.Report(value.Epoch / (double)value.EpochCount);
    }
}
