using Microsoft.ML;
using MLNet.Softmax.Training;

namespace HotDog;

/// <summary>What can be trained on the features.</summary>
internal static class TrainerChoice
{
    public static readonly string[] Names = ["perceptron", "lbfgs", "sdca", "lightgbm"];

    /// <param name="mlContext">The context.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="progress">Told after each epoch of the perceptron; null for nothing.</param>
    public static IEstimator<ITransformer> Create(MLContext mlContext, string name, IProgress<TrainingProgress>? progress = null)
    {
        var trainers = mlContext.MulticlassClassification.Trainers;
        return name switch
        {
            "perceptron" => trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
            {
                EpochCount = 40,
                // Few photographs, 512 features: with less regularization the network learns them by heart.
                L2Regularization = 0.1f,
                Seed = TrainSettings.Seed,
                Progress = progress,
            }),
            "lbfgs" => trainers.LbfgsMaximumEntropy(l2Regularization: 10),
            "sdca" => trainers.SdcaMaximumEntropy(l2Regularization: 0.1f),
            "lightgbm" => trainers.LightGbm(numberOfLeaves: 8, minimumExampleCountPerLeaf: 5, numberOfIterations: 60),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, $"Expected one of {string.Join(", ", Names)}."),
        };
    }
}
