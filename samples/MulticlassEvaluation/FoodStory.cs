using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Numerics.Metrics;
using MLNet.Softmax.Samples;
using MLNet.Softmax.Training;
using Spectre.Console;

namespace MulticlassEvaluation;

/// <summary>Five foods drawn, learnt, judged, calibrated and judged again.</summary>
internal static class FoodStory
{
    private const int EpochCount = 40;

    public static void Tell(string report, int seed, int pictureCount)
    {
        var mlContext = new MLContext(seed);
        int heldOutCount = pictureCount / 2;
        var pictures = LateProgress.Run("Drawing", _ => FoodPicture.Draw(2 * pictureCount + heldOutCount, seed));
        var training = mlContext.Data.LoadFromEnumerable(pictures[..pictureCount]);
        var heldOut = mlContext.Data.LoadFromEnumerable(pictures[pictureCount..(pictureCount + heldOutCount)]);
        var test = pictures[(pictureCount + heldOutCount)..];
        AnsiConsole.WriteLine($"{pictureCount} pictures of {string.Join(", ", Food.All.Select(food => food.Name))} to learn from, "
            + $"{heldOutCount} held out for the temperature, {test.Length} to be judged on:");
        Show(test[..Food.All.Count]);

        var model = LateProgress.Run("Training", progress => Train(mlContext, training, seed, progress));
        var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature(scoreKind: ScoreKind.Logits)
            .Fit(model.Transform(heldOut));
        string how = $"Temperature {calibrator.Temperature:0.00}, "
            + $"fitted on {calibrator.Calibration.RowsUsed} pictures that it was not trained on";
        AnsiConsole.WriteLine(how + ".");

        var scored = model.Transform(mlContext.Data.LoadFromEnumerable(test));
        var plain = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits).Fit(scored);
        var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain.Transform(scored));
        var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrator.Transform(scored));
        var comparison = ProbabilityMetrics.Compare(before, after, new BootstrapOptions { Resamples = 500, Seed = seed });
        ResultTable.Show(before, after, comparison);
        ReportFile.Save(after, report, new ProbabilityReportOptions
        {
            Title = "Five foods",
            Subtitle = $"A perceptron on pictures of {Camera.Side} x {Camera.Side} pixels. {how}.",
            Before = before,
            Comparison = comparison,
        });
    }

    private static ITransformer Train(MLContext mlContext, IDataView training, int seed, Action<double> progress)
    {
        var trainer = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
        {
            HiddenLayers = [64],
            EpochCount = EpochCount,
            Seed = seed,
            Progress = new Progress<TrainingProgress>(value => progress(value.Epoch / (double)value.EpochCount)),
        });
        return mlContext.Transforms.Conversion.MapValueToKey(nameof(FoodPicture.Label)).Append(trainer).Fit(training);
    }

    /// <summary>Some pictures side by side, two pixels to a character; nothing where the terminal has no colours or no room.</summary>
    private static void Show(FoodPicture[] pictures)
    {
        const string Gap = "  ";
        bool hasRoom = AnsiConsole.Profile.Width >= pictures.Length * (Camera.Side + Gap.Length);
        if (!hasRoom || AnsiConsole.Profile.Capabilities.ColorSystem < ColorSystem.EightBit)
            return;
        for (int row = 0; row < Camera.Side; row += 2)
        {
            foreach (var picture in pictures)
            {
                for (int column = 0; column < Camera.Side; column++)
                    AnsiConsole.Write(new Text("▀", new Style(Pixel(picture, row, column), Pixel(picture, row + 1, column))));
                AnsiConsole.Write(Gap);
            }

            AnsiConsole.WriteLine();
        }

        AnsiConsole.WriteLine(string.Concat(pictures.Select(picture => picture.Label.PadRight(Camera.Side + Gap.Length))));
    }

    private static Color Pixel(FoodPicture picture, int row, int column)
    {
        var values = picture.Features.AsSpan((row * Camera.Side + column) * 3, 3);
        return new Color((byte)(values[0] * 255), (byte)(values[1] * 255), (byte)(values[2] * 255));
    }
}
