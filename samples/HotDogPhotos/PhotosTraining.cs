using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Vision;
using MLNet.Softmax;
using Spectre.Console;

namespace HotDogPhotos;

/// <summary>Trains under the two progress bars of the image trainer: it computes features once, then trains a last layer on them.</summary>
internal static class PhotosTraining
{
    public static TransformerChain<TopKTransformer> Run(MLContext mlContext, PhotosSettings settings, IDataView training, int photoCount) =>
        AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).Start(bars =>
        {
            var features = bars.AddTask($"{settings.Architecture}: features", maxValue: photoCount);
            var epochs = bars.AddTask("Last layer", maxValue: settings.Epochs);
            void Report(ImageClassificationTrainer.ImageClassificationMetrics metrics)
            {
                if (metrics.Train is { DatasetUsed: ImageClassificationTrainer.ImageClassificationMetrics.Dataset.Train } train)
                {
                    epochs.Value = train.Epoch + 1;
                    epochs.Description = $"Epoch {train.Epoch + 1}: accuracy {train.Accuracy:0.000}, cross-entropy {train.CrossEntropy:0.000}";
                }
                else if (metrics.Train is null)
                {
                    features.Increment(1);
                }
            }

            var model = PhotosPipeline.Create(mlContext, settings, Report).Fit(training);
            // Both may end early: the trainer holds photographs out for validation, and stops when it no longer gets better.
            (features.Value, epochs.Value) = (features.MaxValue, epochs.MaxValue);
            return model;
        });
}
