using MLNet.Softmax.Training;

namespace Microsoft.ML;

/// <summary>The extension members that this library adds to the catalogs of <see cref="MLContext"/>.</summary>
public static partial class SoftmaxCatalog
{
    /// <summary>Turns class scores into probabilities: softmax(z / T), computed without overflow.</summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">The name of the column to add: a vector of <see cref="float"/> of the shape of the input.</param>
    /// <param name="inputColumnName">
    /// The name of the column of scores, a vector of <see cref="float"/>; <see langword="null"/> to use the output column name.
    /// </param>
    /// <param name="temperature">
    /// The divisor of the logits, finite and positive: above 1 flattens the probabilities, below 1 sharpens them.
    /// </param>
    /// <param name="scoreKind">
    /// What the score column holds. Softmax would flatten probabilities, so <see cref="ScoreKind.Auto"/> inspects the data first.
    /// </param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The temperature is not finite and positive.</exception>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <example><code>
    /// var pipeline = trainer.Append(mlContext.Transforms.Softmax("Probability", "Score", temperature: 1.5f));
    /// </code></example>
    public static SoftmaxEstimator Softmax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, float temperature = 1f,
        ScoreKind scoreKind = ScoreKind.Auto) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, temperature, scoreKind);

    /// <summary>Turns class scores into log-probabilities: z / T - logsumexp(z / T), computed directly, not as log(softmax).</summary>
    /// <inheritdoc cref="Softmax" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var pipeline = trainer.Append(mlContext.Transforms.LogSoftmax("LogProbability", "Score"));
    /// </code></example>
    public static LogSoftmaxEstimator LogSoftmax(
        this TransformsCatalog catalog, string outputColumnName, string? inputColumnName = null, float temperature = 1f,
        ScoreKind scoreKind = ScoreKind.Auto) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, temperature, scoreKind);

    /// <summary>Keeps the k highest class scores, highest first, with the names and the indices of their classes.</summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnPrefix">
    /// What the names of the three added columns begin with: {prefix}Labels (text), {prefix}Scores (<see cref="float"/>) and
    /// {prefix}Indices (<see cref="uint"/>), vectors of min(k, number of classes).
    /// </param>
    /// <param name="inputColumnName">
    /// The name of the column of scores, a vector of <see cref="float"/> of known size; <see langword="null"/> for the prefix.
    /// </param>
    /// <param name="k">How many classes to keep, 1 or more.</param>
    /// <param name="classNames">
    /// The name of each class, in the order of the scores; null to use the names of the score column. For scores without names, such as
    /// those of an imported network: <c>File.ReadAllLines("labels.txt")</c>. They are saved with the model.
    /// </param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">k is less than 1.</exception>
    /// <exception cref="ArgumentException">The prefix or the column name is empty.</exception>
    /// <example><code>
    /// var pipeline = trainer
    ///     .Append(mlContext.Transforms.Softmax("Probability", "Score"))
    ///     .Append(mlContext.Transforms.TopK("Top", "Probability", k: 3)); // TopLabels, TopScores, TopIndices
    /// </code></example>
    public static TopKEstimator TopK(
        this TransformsCatalog catalog, string outputColumnPrefix, string? inputColumnName = null, int k = 5,
        IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(outputColumnPrefix, inputColumnName, k, classNames);
    }

    /// <summary>Returns the scores of one row, such as a prediction engine outputs, by class name.</summary>
    /// <param name="column">
    /// The column that the scores come from: <c>engine.OutputSchema["Probability"]</c>, or <c>model.GetOutputSchema(data.Schema)</c>'s.
    /// </param>
    /// <param name="scores">One score per class.</param>
    /// <returns>
    /// In the order of the classes; the names are the column's SlotNames, else its TrainingLabelValues, else the indices.
    /// </returns>
    /// <exception cref="ArgumentException">The column is not a vector of this many scores, or two classes have the same name.</exception>
    /// <example><code>
    /// float[] probabilities = [0.7f, 0.2f, 0.1f]; // as an engine gives them
    /// var answer = model.GetOutputSchema(test.Schema)["Probability"].ScoresByClass(probabilities);
    /// </code></example>
    public static Dictionary<string, float> ScoresByClass(this DataViewSchema.Column column, ReadOnlySpan<float> scores)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: true } type || type.Size != scores.Length)
        {
            throw new ArgumentException(
                $"Column '{column.Name}' is {column.Type}, but {scores.Length} scores were given. Give the scores of one row of it.",
                nameof(scores));
        }

        var names = ClassLabels.Of(column, scores.Length);
        var byClass = new Dictionary<string, float>(names.Length);
        for (var index = 0; index < names.Length; index++)
        {
            if (!byClass.TryAdd(names[index].ToString(), scores[index]))
                throw new ArgumentException($"Two classes of column '{column.Name}' are named '{names[index]}'.", nameof(column));
        }

        return byClass;
    }

    /// <summary>What this library adds to <c>mlContext.MulticlassClassification</c>.</summary>
    /// <param name="catalog">The multiclass classification catalog.</param>
    extension(MulticlassClassificationCatalog catalog)
    {
        /// <summary>
        /// Calibrators: they turn a model's scores into calibrated probabilities. Fit them on rows that the model was not trained on. The
        /// counterpart of <c>mlContext.BinaryClassification.Calibrators</c>.
        /// </summary>
        /// <remarks>
        /// This is an extension property of C# 14. In F#, Visual Basic and earlier versions of C#, call the method behind it:
        /// <c>SoftmaxCatalog.get_Calibrators(mlContext.MulticlassClassification)</c>.
        /// </remarks>
        /// <example><code>
        /// var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(model.Transform(heldOut));
        /// var calibrated = model.Append(calibrator);
        /// </code></example>
        public MulticlassCalibratorsCatalog Calibrators => new(catalog.GetEnvironment());
    }

    /// <summary>A multilayer perceptron with ReLU, whose loss is softmax and cross-entropy in one.</summary>
    /// <param name="catalog">The multiclass trainers.</param>
    /// <param name="labelColumnName">The label: a key column, as MapValueToKey makes it.</param>
    /// <param name="featureColumnName">The features: a <see cref="float"/> vector of known size.</param>
    /// <param name="exampleWeightColumnName">
    /// The weight of each row in the loss: a <see cref="float"/> column, finite and at least 0; null if every row counts 1.
    /// </param>
    /// <param name="hiddenLayers">
    /// The units of each hidden layer, each at least 1; null for one of 64, empty for softmax regression.
    /// </param>
    /// <param name="epochCount">How many times training uses every row, at least 1.</param>
    /// <param name="batchSize">The rows of one step, at least 1.</param>
    /// <param name="learningRate">Adam's step size, above 0.</param>
    /// <param name="l2Regularization">The strength of the penalty on squared weights, at least 0.</param>
    /// <param name="seed">The random seed; null to draw it from the MLContext.</param>
    /// <returns>A trainer that adds Score, the raw logits, and PredictedLabel.</returns>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    /// <example><code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [64, 32], seed: 1));
    /// </code></example>
    public static MultilayerPerceptronTrainer MultilayerPerceptron(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string? exampleWeightColumnName = null,
        int[]? hiddenLayers = null, int epochCount = 100, int batchSize = 32, float learningRate = 0.001f,
        float l2Regularization = 1e-4f, int? seed = null) => MultilayerPerceptron(catalog, new MultilayerPerceptronOptions
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
        var environment = catalog.GetEnvironment();
        ArgumentNullException.ThrowIfNull(options);
        return new MultilayerPerceptronTrainer(environment, options.CheckedCopy());
    }

    /// <summary>
    /// Evaluates class probabilities: how often the most probable class is right, and whether the confidence is justified. Unlike Evaluate,
    /// it rejects scores that are not probabilities, reports the rows that it could not use, and gives confidence intervals.
    /// </summary>
    /// <param name="catalog">The multiclass catalog: <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">The scored data. Read once, by several cursors in parallel if the data can be split.</param>
    /// <param name="labelColumnName">
    /// The true classes. Text is matched by class name. A key is matched by its values if the probabilities have class names, so that
    /// labels mapped on other data are not mixed up; else by position, with a warning in the result. A number is matched to the class whose
    /// name is it or ends in it (P1, P2), else it is the 0-based index.
    /// </param>
    /// <param name="probabilityColumnName">
    /// A vector of <see cref="float"/> of known size, one probability for each of at least two classes. A row whose sum differs from 1 by
    /// rounding is divided by its sum; <see cref="ProbabilityMetrics.Warnings"/> says so.
    /// </param>
    /// <param name="options">What to compute, and the columns of weights and row names; everything but the bootstrap if null.</param>
    /// <returns>
    /// The figures. Rows without a label, with a label that is not one of the classes, with NaN or an infinity, or without weight are left
    /// out and counted.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has the wrong type, or label and class names have nothing in common.
    /// </exception>
    /// <exception cref="InvalidOperationException">The column holds no probabilities (the message says what it looks like, and which
    /// transform to append), the labels may count from 0 or from 1, or no row can be used.</exception>
    /// <example><code>
    /// var metrics = mlContext.MulticlassClassification.EvaluateProbabilities(model.Transform(test));
    /// Console.WriteLine(metrics);
    /// </code></example>
    public static ProbabilityMetrics EvaluateProbabilities(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label",
        string probabilityColumnName = "Probability", ProbabilityEvaluationOptions? options = null)
    {
        var environment = catalog.GetEnvironment();
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(probabilityColumnName);
        options = options?.Copy() ?? new ProbabilityEvaluationOptions();
        SchemaChecks.ThrowIfEmptyName(options.ExampleWeightColumnName);
        SchemaChecks.ThrowIfEmptyName(options.RowNameColumnName);
        var columns = EvaluatedColumns.Of(data.Schema, labelColumnName, probabilityColumnName, options);
        var metrics = DataViewEvaluation.Evaluate(data, columns, options);
        using var channel = environment.Start(nameof(EvaluateProbabilities));
        if (metrics.RowsUsed == 0)
        {
            throw new InvalidOperationException(metrics.RowsLeftOut.Total == 0
                ? "The data to evaluate has no rows."
                : $"No row of the data can be evaluated. Rows left out: {metrics.RowsLeftOut}.{columns.Labels.Describe()}");
        }

        if (metrics.RowsLeftOut.Total > 0)
            channel.Warning(MessageSensitivity.Schema, $"{metrics.RowsLeftOut.Total} rows could not be evaluated: {metrics.RowsLeftOut}.");
        foreach (var warning in metrics.Warnings)
            channel.Warning(MessageSensitivity.Schema, warning);
        return metrics;
    }
}
