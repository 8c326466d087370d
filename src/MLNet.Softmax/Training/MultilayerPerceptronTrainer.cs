using Microsoft.ML.Trainers;
using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Training;

/// <summary>
/// Trains a multilayer perceptron for several classes: dense layers with ReLU, softmax and cross-entropy fused into one stable loss whose
/// gradient is p - y, minimised by Adam over mini-batches. Without hidden layers it is softmax regression.
/// </summary>
/// <remarks>
/// <para>The model adds the columns Score, raw logits in the order of the label's keys, and PredictedLabel, the key of the highest logit;
/// if several are equal, the class with the lowest key is predicted. A row with a NaN feature gets NaN scores and, as with ML.NET's own
/// trainers, a missing predicted label (key 0). <c>Transforms.Softmax</c> turns Score into probabilities. To use other column names, add
/// <c>Transforms.CopyColumns</c>.</para>
/// <para>The data is read once and held in memory: 4 bytes per row and feature. Rows without a label are left out, and the log says how
/// many. Example weights multiply each row's loss; a batch's loss is the weighted mean over its rows, so weights have no effect with a
/// batch size of 1. Standardisation uses the weights too. Training uses one thread. With a seed, the same data gives the same model to the
/// bit on the same kind of processor.</para>
/// <para>Sources: Rumelhart, Hinton and Williams 1986 (backpropagation); Kingma and Ba 2015 (Adam); He et al. 2015 (starting weights);
/// Szegedy et al. 2016 (label smoothing, in the form that PyTorch gives it).</para>
/// </remarks>
public sealed class MultilayerPerceptronTrainer :
    TrainerEstimatorBase<MulticlassPredictionTransformer<MultilayerPerceptronModelParameters>, MultilayerPerceptronModelParameters>,
    // Implemented again so that pipelines call the methods below. They check the columns first and throw more helpful exceptions.
    IEstimator<MulticlassPredictionTransformer<MultilayerPerceptronModelParameters>>
{
    private readonly MultilayerPerceptronOptions _options;

    /// <param name="environment">The MLContext's environment.</param>
    /// <param name="options">Checked by the caller, and not changed afterwards.</param>
    internal MultilayerPerceptronTrainer(IHostEnvironment environment, MultilayerPerceptronOptions options)
        : base(
            environment.Register("MultilayerPerceptron"), TrainerUtils.MakeR4VecFeature(options.FeatureColumnName),
            TrainerUtils.MakeU4ScalarColumn(options.LabelColumnName),
            TrainerUtils.MakeR4ScalarWeightColumn(options.ExampleWeightColumnName))
    {
        _options = options;
        Info = new TrainerInfo(normalization: !options.StandardizeFeatures, caching: false, supportValid: true);
    }

    /// <summary>
    /// Tells ML.NET about the trainer: it standardises its features itself, reads the data once, and accepts validation data.
    /// </summary>
    public override TrainerInfo Info { get; }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    /// <summary>Trains on <paramref name="input"/>, without the validation share of the options.</summary>
    /// <param name="input">Rows with a key label and a float vector of features of known size.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is of another type.</exception>
    /// <exception cref="ArgumentException">The number of class weights is not the number of classes.</exception>
    /// <exception cref="InvalidOperationException">
    /// No row has a label, all have the same one, a label is not one of the key's classes, a feature or weight is NaN or infinite, a weight
    /// is negative, or training diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public new MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        TrainingColumns.Find(input.Schema, _options);
        return TrainTransformer(input);
    }

    /// <summary>
    /// Trains on <paramref name="input"/> and stops early by the loss on <paramref name="validation"/>; the validation share is not used.
    /// </summary>
    /// <param name="input">Rows with a key label and a float vector of features of known size.</param>
    /// <param name="validation">Rows of the same columns and classes that are not trained on.</param>
    /// <returns>The model of the epoch with the lowest validation loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is of another type.</exception>
    /// <exception cref="ArgumentException">
    /// The two data sets differ in their features or classes, or the number of class weights is not the number of classes.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// One of the two has no row with a label, all training rows have the same one, a label is not one of the key's classes, a feature or
    /// weight is NaN or infinite, a weight is negative, or training diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> Fit(IDataView input, IDataView validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(validation);
        TrainingColumns.Find(input.Schema, _options).CheckAgree(TrainingColumns.Find(validation.Schema, _options));
        return TrainTransformer(input, validation);
    }

    /// <summary>The columns that the fitted model will add.</summary>
    /// <param name="inputSchema">The shape of the training data.</param>
    /// <returns>The columns of <paramref name="inputSchema"/> with Score and PredictedLabel.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is of another type.</exception>
    public new SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireVector(_options.FeatureColumnName);
        inputSchema.RequireKey(_options.LabelColumnName);
        return base.GetOutputSchema(inputSchema);
    }

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        var label = inputSchema.Require(_options.LabelColumnName);
        var keyValues = label.Annotations.Where(annotation => annotation.Name == AnnotationUtils.Kinds.KeyValues);
        return
        [
            new(AnnotationUtils.Const.ScoreValueKind.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
                new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
            new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
                new SchemaShape(keyValues.Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        ];
    }

    /// <inheritdoc/>
    protected override MulticlassPredictionTransformer<MultilayerPerceptronModelParameters> MakeTransformer(
        MultilayerPerceptronModelParameters model, DataViewSchema trainSchema) =>
        model.ToTransformer(Host, trainSchema, _options.FeatureColumnName, _options.LabelColumnName);

    /// <inheritdoc/>
    protected override MultilayerPerceptronModelParameters TrainModelCore(TrainContext trainContext)
    {
        using var channel = Host.Start("Training");
        var (input, validation) = (trainContext.TrainingSet.Data, trainContext.ValidationSet?.Data);
        var columns = TrainingColumns.Find(input.Schema, _options);
        _options.CheckClassCount(columns.ClassCount);
        var random = new Random(_options.Seed ?? Host.Rand.Next());

        var training = TrainingRows.Read(input, columns, "training", channel, _options.CancellationToken);
        var totals = training.ClassWeights(columns.ClassCount);
        if (totals.Count(total => total > 0) == 1)
            throw OneClass(columns, Array.FindIndex(totals, total => total > 0));
        var objective = _options.CreateObjective(totals);
        var heldOut = LabelledRows.Empty;
        if (validation is not null)
        {
            var validationColumns = TrainingColumns.Find(validation.Schema, _options);
            heldOut = TrainingRows.Read(validation, validationColumns, "validation", channel, _options.CancellationToken);
        }
        else if (_options.ValidationShare > 0)
            (training, heldOut) = SetAside(training, columns, random, channel);

        var run = new NetworkTraining(_options.CreateSchedule(), objective, losses => Report(losses, channel), _options.CancellationToken);
        return new MultilayerPerceptronModelParameters(Host, run.Run(training, heldOut, columns.ClassCount, random));
    }

    private (LabelledRows Training, LabelledRows HeldOut) SetAside(
        LabelledRows rows, TrainingColumns columns, Random random, IChannel channel)
    {
        var split = rows.Split(columns.ClassCount, _options.ValidationShare, random);
        if (split.SetAside.Count == 0)
        {
            channel.Warning(
                MessageSensitivity.None, "A share of {0} leaves no whole row of any class to validate with: training runs for every epoch.",
                _options.ValidationShare);
        }

        return split;
    }

    private void Report(EpochLosses losses, IChannel channel)
    {
        var culture = CultureInfo.InvariantCulture;
        var line = string.Create(culture, $"Epoch {losses.Epoch} of {_options.EpochCount}: training loss {losses.TrainingLoss:0.000000}");
        if (losses is { ValidationLoss: { } loss, ValidationAccuracy: { } accuracy })
            line += string.Create(culture, $", validation loss {loss:0.000000}, validation accuracy {accuracy:0.0000}");
        channel.Info(MessageSensitivity.None, line);
        _options.Progress?.Report(new TrainingProgress(
            losses.Epoch, _options.EpochCount, losses.TrainingLoss, losses.ValidationLoss, losses.ValidationAccuracy));
    }

    private static InvalidOperationException OneClass(TrainingColumns columns, int label) => new(
        $"Column '{columns.Label.Name}' has the same label in every row: "
        + $"{(columns.ClassNames() is { } names ? $"'{names[label]}'" : $"key {label + 1}")}. "
        + "At least two classes are needed to tell apart.");
}
