using Microsoft.ML;
using MLNet.Softmax.Training;

namespace HotDog;

/// <summary>What can be trained.</summary>
internal static class TrainerChoice
{
    /// <summary>The one that begins at the pictures instead of the features.</summary>
    public const string ImageClassification = "image-classification";

    public static readonly string[] Names = ["perceptron", "lbfgs", "sdca", "lightgbm", ImageClassification];

    public static readonly string[] Architectures = ["mobilenet-v2", "resnet-50", "resnet-101", "inception-v3"];

    /// <exception cref="NotSupportedException">The sample was built without ImageClassification.</exception>
    public static IEstimator<ITransformer> Create(MLContext mlContext, TrainSettings settings)
    {
        var trainers = mlContext.MulticlassClassification.Trainers;
        return settings.Trainer switch
        {
            "perceptron" => trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
            {
                // Few photographs, and 512 features that one network computed on one scale: hidden layers and standardised features
                // learn them by heart.
                HiddenLayers = [],
                StandardizeFeatures = false,
                EpochCount = settings.Epochs,
                L2Regularization = 0.2f,
                Seed = TrainSettings.Seed,
            }),
            "lbfgs" => trainers.LbfgsMaximumEntropy(l2Regularization: 10),
            "sdca" => trainers.SdcaMaximumEntropy(l2Regularization: 0.1f),
            "lightgbm" => trainers.LightGbm(numberOfLeaves: 8, minimumExampleCountPerLeaf: 5, numberOfIterations: 60),
#if WITH_VISION
            ImageClassification => HotDog.ImageClassification.Create(
                mlContext, settings.Architecture, settings.Epochs, Spectre.Console.AnsiConsole.WriteLine),
#else
            ImageClassification => throw new NotSupportedException(
                "--trainer image-classification needs Microsoft.ML.Vision: dotnet run --project samples/HotDog -p:WithVision=true -- ..."),
#endif
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Trainer, $"Expected one of {string.Join(", ", Names)}."),
        };
    }
}
