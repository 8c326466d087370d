using Microsoft.ML;
using static Microsoft.ML.Vision.ImageClassificationTrainer;

namespace HotDog;

/// <summary>
/// ML.NET's own trainer for photographs: a new last layer on a network that TensorFlow runs. Its scores are a softmax. Part of the sample
/// only if built with -p:WithVision=true.
/// </summary>
internal static class ImageClassification
{
    private const int PhotographsALine = 50;

    private const int EpochsALine = 10;

    /// <param name="mlContext">The context.</param>
    /// <param name="architecture">mobilenet-v2, resnet-50, resnet-101 or inception-v3.</param>
    /// <param name="epochs">The most epochs; the trainer stops when the accuracy no longer improves.</param>
    /// <param name="writeLine">Takes the progress.</param>
    public static IEstimator<ITransformer> Create(MLContext mlContext, string architecture, int epochs, Action<string> writeLine) =>
        mlContext.MulticlassClassification.Trainers.ImageClassification(new Options
        {
            FeatureColumnName = "Jpeg",
            Arch = architecture switch
            {
                "mobilenet-v2" => Architecture.MobilenetV2,
                "resnet-50" => Architecture.ResnetV250,
                "resnet-101" => Architecture.ResnetV2101,
                "inception-v3" => Architecture.InceptionV3,
                _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "There is no such network."),
            },
            Epoch = epochs,
            MetricsCallback = metrics =>
            {
                if (Describe(metrics) is { } line)
                    writeLine(line);
            },
        });

    /// <summary>Train is null while the network runs over the photographs.</summary>
    private static string? Describe(ImageClassificationMetrics metrics) => metrics switch
    {
        { Train: { DatasetUsed: ImageClassificationMetrics.Dataset.Validation } train } when train.Epoch % EpochsALine == 0 =>
            $"  epoch {train.Epoch}: accuracy {train.Accuracy:0.000}, cross-entropy {train.CrossEntropy:0.000} on the validation part",
        { Train: null, Bottleneck.Index: var index } when index % PhotographsALine == 0 => $"  the network has read {index} photographs",
        _ => null,
    };
}
