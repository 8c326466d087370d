using MLNet.Softmax.Training;

namespace Microsoft.ML;

public static partial class SoftmaxCatalog
{
    /// <summary>A multilayer perceptron with ReLU, whose loss is softmax and cross-entropy in one.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="labelColumnName">The label: a key column, as MapValueToKey makes it.</param>
    /// <param name="featureColumnName">The features: a <see cref="float"/> vector of known size.</param>
    /// <param name="exampleWeightColumnName">
    /// The weight of each row in the loss: a <see cref="float"/> column, finite and at least 0; null: every row counts 1.
    /// </param>
    /// <param name="hiddenLayers">The units of each hidden layer, each at least 1; null for one of 64, empty for softmax regression.</param>
    /// <param name="epochCount">How many times training uses every row, at least 1.</param>
    /// <param name="batchSize">The rows of one step, at least 1.</param>
    /// <param name="learningRate">Adam's step size, above 0.</param>
    /// <param name="l2Regularization">The strength of the penalty on squared weights, at least 0.</param>
    /// <param name="seed">The seed of all that is random; null: drawn from the MLContext.</param>
    /// <returns>A trainer that adds Score, the raw logits, and PredictedLabel.</returns>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [64, 32], seed: 1));
    /// </code></example>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        string? exampleWeightColumnName = null,
        int[]? hiddenLayers = null,
        int epochCount = 100,
        int batchSize = 32,
        float learningRate = 0.001f,
        float l2Regularization = 1e-4f,
        int? seed = null) => MultilayerPerceptron(catalog, new MultilayerPerceptronOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenLayers = hiddenLayers ?? [64],
            EpochCount = epochCount,
            BatchSize = batchSize,
            LearningRate = learningRate,
            L2Regularization = l2Regularization,
            Seed = seed,
        });

    /// <summary>A multilayer perceptron with all its settings: early stopping, class weights, label smoothing, progress and more.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="options">Copied; later changes to them have no effect.</param>
    /// <returns>A trainer that adds Score, the raw logits, and PredictedLabel.</returns>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    /// <example><code>
    /// var perceptron = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(new MultilayerPerceptronOptions
    /// {
    ///     HiddenLayers = [64],
    ///     LabelSmoothing = 0.1f,
    ///     ValidationShare = 0.2f, // early stopping
    /// });
    /// </code></example>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, MultilayerPerceptronOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new MultilayerPerceptronTrainer(catalog.GetEnvironment(), options.CheckedCopy());
    }
}
