using Microsoft.ML;
using MLNet.Softmax;
using MLNet.Softmax.Calibration;
using MLNet.Softmax.Training;
using MLNet.Softmax.Transforms;

namespace HotDog;

/// <summary>The steps from features to readable probabilities.</summary>
internal static class HotDogPipeline
{
    public const int EpochCount = 40;

    private const int FewestRows = 10;

    /// <summary>What is trained: from features to scores.</summary>
    public static IEstimator<ITransformer> Create(MLContext mlContext, IProgress<TrainingProgress> progress) =>
        mlContext.Transforms.Conversion.MapValueToKey(nameof(Photograph.Label))
            .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
            {
                HiddenLayers = [64],
                EpochCount = EpochCount,
                L2Regularization = 0.1f, // A hundred photographs, 256 features: without a firm hand the network learns them by heart.
                Seed = HotDogSettings.Seed,
                Progress = progress,
            }))
            .Append(mlContext.Transforms.Softmax(Prediction.BeforeCalibration, "Score"));

    /// <summary>What is fitted on photographs that the network has not seen: from scores to probabilities that hold.</summary>
    public static IEstimator<ITransformer> CreateCalibration(MLContext mlContext)
    {
        var calibrators = mlContext.MulticlassClassification.Calibrators;
        return calibrators.Temperature(new() { Fitting = { MinimumRows = FewestRows, MinimumTemperature = 0.1 } })
            .Append(mlContext.Transforms.TopK("Top", "Probability", k: 2))
            // Strictly the sets want photographs of their own; one number fitted on these before leaves them almost as good as unseen.
            .Append(calibrators.PredictionSet(new PredictionSetCalibratorOptions
            {
                Fitting = { Coverage = Calibration.Coverage, Method = PredictionSetMethod.Lac, MinimumRows = FewestRows },
            }));
    }
}
