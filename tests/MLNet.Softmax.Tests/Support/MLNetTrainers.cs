using Microsoft.ML;

namespace MLNet.Softmax.Tests;

/// <summary>ML.NET's own multiclass trainers by name.</summary>
internal static class MLNetTrainers
{
    /// <summary>The trainer of the name <paramref name="name"/> with its defaults, on Label and Features.</summary>
    public static IEstimator<ITransformer> Create(MLContext mlContext, string name)
    {
        var trainers = mlContext.MulticlassClassification.Trainers;
        return name switch
        {
            "SdcaMaximumEntropy" => trainers.SdcaMaximumEntropy(),
            "SdcaNonCalibrated" => trainers.SdcaNonCalibrated(),
            "LbfgsMaximumEntropy" => trainers.LbfgsMaximumEntropy(),
            "NaiveBayes" => trainers.NaiveBayes(),
            "OneVersusAll" => trainers.OneVersusAll(mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression()),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such trainer."),
        };
    }
}
