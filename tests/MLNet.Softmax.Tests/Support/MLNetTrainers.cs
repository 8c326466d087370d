using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace MLNet.Softmax.Tests;

/// <summary>ML.NET's own multiclass trainers by name.</summary>
internal static class MLNetTrainers
{
    /// <summary>Every trainer, with what its column of scores holds.</summary>
    public static IReadOnlyDictionary<string, ScoreKind> Kinds { get; } = new Dictionary<string, ScoreKind>
    {
        ["SdcaMaximumEntropy"] = ScoreKind.Probabilities,
        ["SdcaNonCalibrated"] = ScoreKind.Logits,
        ["LbfgsMaximumEntropy"] = ScoreKind.Probabilities,
        ["NaiveBayes"] = ScoreKind.Logits,
        ["OneVersusAll"] = ScoreKind.Probabilities,
        ["OneVersusAll, not calibrated"] = ScoreKind.Logits,
        ["OneVersusAll of FastTree"] = ScoreKind.Probabilities,
        ["OneVersusAll of FastForest"] = ScoreKind.Probabilities,
        ["PairwiseCoupling"] = ScoreKind.Probabilities,
        ["LightGbm"] = ScoreKind.Probabilities,
        ["ImageClassification"] = ScoreKind.Probabilities,
    };

    /// <summary>The trainer <paramref name="name"/> on Label and Features, on one thread and with few iterations, to be quick.</summary>
    public static IEstimator<ITransformer> Create(MLContext mlContext, string name)
    {
        var trainers = mlContext.MulticlassClassification.Trainers;
        var binary = mlContext.BinaryClassification.Trainers;
        return name switch
        {
            "SdcaMaximumEntropy" => trainers.SdcaMaximumEntropy(
                new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 20, Shuffle = false }),
            "SdcaNonCalibrated" => trainers.SdcaNonCalibrated(
                new SdcaNonCalibratedMulticlassTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 20, Shuffle = false }),
            "LbfgsMaximumEntropy" => trainers.LbfgsMaximumEntropy(),
            "NaiveBayes" => trainers.NaiveBayes(),
            "OneVersusAll" => trainers.OneVersusAll(binary.LbfgsLogisticRegression()),
            "OneVersusAll, not calibrated" => trainers.OneVersusAll(binary.AveragedPerceptron(), useProbabilities: false),
            "OneVersusAll of FastTree" => trainers.OneVersusAll(binary.FastTree(numberOfTrees: 10)),
            "OneVersusAll of FastForest" => trainers.OneVersusAll(binary.FastForest(numberOfTrees: 10)),
            "PairwiseCoupling" => trainers.PairwiseCoupling(binary.LbfgsLogisticRegression()),
            "LightGbm" => trainers.LightGbm(new LightGbmMulticlassTrainer.Options { NumberOfIterations = 10, NumberOfThreads = 1 }),
            "ImageClassification" => new ImageClassification(mlContext),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such trainer."),
        };
    }

    /// <summary>
    /// The output columns of ML.NET's ImageClassification, whose packages the tests do not have. It trains one linear layer with a softmax
    /// on the features of its network. LbfgsMaximumEntropy is the same model, and the same class of ML.NET adds the columns of both. Only
    /// the declared schema differs: ImageClassification declares Score without annotations.
    /// </summary>
    private sealed class ImageClassification(MLContext mlContext) : IEstimator<ITransformer>
    {
        private readonly IEstimator<ITransformer> _layer = mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy();

        public ITransformer Fit(IDataView input) => _layer.Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            var plainScore = mlContext.Transforms.Concatenate("Score", "Features").GetOutputSchema(inputSchema)
                .Single(column => column.Name == "Score");
            return new([.. _layer.GetOutputSchema(inputSchema).Where(column => column.Name != "Score"), plainScore]);
        }
    }
}
