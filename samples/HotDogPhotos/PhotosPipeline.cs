using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Vision;
using MLNet.Softmax;

namespace HotDogPhotos;

/// <summary>The steps from a file name to readable probabilities.</summary>
internal static class PhotosPipeline
{
    public static EstimatorChain<TopKTransformer> Create(MLContext mlContext, PhotosSettings settings, Action<ImageClassificationTrainer.ImageClassificationMetrics> progress) =>
        mlContext.Transforms.Conversion.MapValueToKey(nameof(PhotoFile.Label))
            .Append(mlContext.Transforms.LoadRawImageBytes("Image", imageFolder: null, inputColumnName: nameof(PhotoFile.ImagePath)))
            .Append(mlContext.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationTrainer.Options
            {
                LabelColumnName = nameof(PhotoFile.Label),
                FeatureColumnName = "Image",
                Arch = settings.Architecture,
                Epoch = settings.Epochs,
                MetricsCallback = progress,
            }))
            // This trainer's Score is a softmax already. Left to Auto, the step finds out, and does not flatten it by a second one.
            .Append(mlContext.Transforms.Softmax("Probability", "Score"))
            .Append(mlContext.Transforms.TopK("Top", "Probability", k: 3));
}
