using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Labels;
using MLNet.Softmax.Pipeline;
using MLNet.Softmax.Training;

namespace MLNet.Softmax;

/// <summary>
/// Trains a multilayer perceptron for several classes: dense layers with ReLU, softmax and cross-entropy fused into one stable loss whose
/// gradient is p - y, minimised by Adam over mini-batches. Without hidden layers it is softmax regression.
/// </summary>
/// <remarks>
/// <para>The data is read once and held in memory: 4 bytes per row and feature. Rows without a label are left out, and the log says how many.
/// Training uses one thread. With a seed, the same data gives the same model to the bit on the same kind of processor.</para>
/// <para>Sources: Rumelhart, Hinton and Williams 1986 (backpropagation); Kingma and Ba 2015 (Adam); He et al. 2015 (starting weights);
/// Szegedy et al. 2016 (label smoothing, in the form that PyTorch gives it).</para>
/// </remarks>
public sealed class MultilayerPerceptronTrainer : IEstimator<MultilayerPerceptronTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly MultilayerPerceptronOptions _options;

    internal MultilayerPerceptronTrainer(IHostEnvironment environment, MultilayerPerceptronOptions options)
    {
        options.Check();
        (_environment, _options) = (environment, options.Copy());
    }

    /// <summary>Trains on <paramref name="input"/>, less the options' validation share.</summary>
    /// <param name="input">Rows with a key label and a float vector of features of known size.</param>
    /// <returns>The trained model.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label or feature column is missing or is of another type.</exception>
    /// <exception cref="ArgumentException">The number of class weights is not the number of classes.</exception>
    /// <exception cref="InvalidOperationException">No row has a label, all have the same one, a label is none of the key's classes, a feature is NaN or infinite, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public MultilayerPerceptronTransformer Fit(IDataView input) => FitCore(input, null);

    /// <summary>Trains on <paramref name="input"/> and stops early by the loss on <paramref name="validation"/>; the validation share is not used.</summary>
    /// <param name="input">Rows with a key label and a float vector of features of known size.</param>
    /// <param name="validation">Rows of the same columns and classes that are not trained on.</param>
    /// <returns>The model of the epoch with the lowest validation loss.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label or feature column is missing or is of another type.</exception>
    /// <exception cref="ArgumentException">The two data sets differ in their features or classes, or the number of class weights is not the number of classes.</exception>
    /// <exception cref="InvalidOperationException">Either has no row with a label, all training rows have the same one, a label is none of the key's classes, a feature is NaN or infinite, or training diverged.</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public MultilayerPerceptronTransformer Fit(IDataView input, IDataView validation)
    {
        ArgumentNullException.ThrowIfNull(validation);
        return FitCore(input, validation);
    }

    /// <summary>The columns that the fitted model will add.</summary>
    /// <param name="inputSchema">The shape of the training data.</param>
    /// <returns>The columns of <paramref name="inputSchema"/> with Score and PredictedLabel.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label or feature column is missing or is of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.RequireScores(_options.FeatureColumnName);
        var (score, predicted) = PredictionAnnotations.Shapes(inputSchema.RequireKey(_options.LabelColumnName));
        return inputSchema.With(
            SchemaShapes.Vector(_options.ScoreColumnName, NumberDataViewType.Single, score),
            new SchemaShape.Column(_options.PredictedLabelColumnName, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true, predicted));
    }

    private MultilayerPerceptronTransformer FitCore(IDataView input, IDataView? validation)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _environment.Start("MultilayerPerceptron");
        var columns = TrainingColumns.Find(input.Schema, _options.LabelColumnName, _options.FeatureColumnName);
        var labels = LabelValues.Read(columns.Label);
        _options.CheckClassCount(columns.ClassCount);
        var random = new Random(_options.Seed ?? _environment.Register("MultilayerPerceptron").Rand.Next());

        var validationColumns = validation is null
            ? null
            : TrainingColumns.Find(validation.Schema, _options.LabelColumnName, _options.FeatureColumnName);
        if (validationColumns is not null)
            columns.CheckAgree(validationColumns);

        var training = ReadRows(input, columns, "training", channel);
        var counts = training.ClassCounts(columns.ClassCount);
        if (counts.Count(count => count > 0) == 1)
            throw OneClass(columns.Label.Name, Array.FindIndex(counts, count => count > 0), labels);
        var objective = _options.CreateObjective(counts);
        var heldOut = LabelledRows.Empty;
        if (validationColumns is not null)
            heldOut = ReadRows(validation!, validationColumns, "validation", channel);
        else if (_options.ValidationShare > 0)
            (training, heldOut) = SetAside(training, columns, random, channel);

        var run = new NetworkTraining(_options.CreateSchedule(), objective, new ProgressLog(channel, _options.Progress), _options.CancellationToken);
        var network = run.Run(training, heldOut, columns.ClassCount, random);
        return new MultilayerPerceptronTransformer(
            network, labels, _options.FeatureColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName);
    }

    private LabelledRows ReadRows(IDataView data, TrainingColumns columns, string purpose, IChannel channel)
    {
        var (rows, withoutLabel) = TrainingDataReader.Read(data, columns, _options.CancellationToken);
        if (rows.Count == 0)
        {
            var found = withoutLabel == 0 ? "has no rows" : $"has {withoutLabel} rows, all without a label in column '{columns.Label.Name}'";
            throw new InvalidOperationException($"The {purpose} data {found}; rows with a label are needed.");
        }

        if (withoutLabel > 0)
            channel.Warning(MessageSensitivity.None, "Left out {0} {1} rows without a label.", withoutLabel, purpose);
        return rows;
    }

    private (LabelledRows Training, LabelledRows HeldOut) SetAside(LabelledRows rows, TrainingColumns columns, Random random, IChannel channel)
    {
        var (kept, setAside) = StratifiedSplit.Create(rows, columns.ClassCount, _options.ValidationShare, random);
        if (setAside.Count == 0)
            channel.Warning(MessageSensitivity.None, "A share of {0} leaves no whole row of any class to validate with: training runs for every epoch.", _options.ValidationShare);
        return (kept, setAside);
    }

    private static InvalidOperationException OneClass(string columnName, int label, LabelValues? labels) => new(
        $"Column '{columnName}' has the same label in every row: {(labels is null ? $"key {label + 1}" : $"'{labels.Texts[label]}'")}. At least two classes are needed to tell apart.");
}
