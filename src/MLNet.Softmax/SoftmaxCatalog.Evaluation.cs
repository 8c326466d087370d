using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.DataViews;

namespace Microsoft.ML;

public static partial class SoftmaxCatalog
{
    /// <summary>
    /// Evaluates class probabilities: how often the most probable class is right, and whether the confidence is justified. Unlike Evaluate,
    /// it rejects scores that are not probabilities, reports the rows that it could not use, and gives confidence intervals.
    /// </summary>
    /// <param name="catalog">The multiclass catalog: <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">The scored data. Read once, by several cursors at a time where the data can be split.</param>
    /// <param name="labelColumnName">
    /// The true classes. A key is matched by the values it stands for where the probabilities have class names, so that labels mapped on
    /// other data are not mixed up, else by position; text by the name of the class; a number by the name of the class where all classes
    /// are named by numbers, else as the 0-based index.
    /// </param>
    /// <param name="probabilityColumnName">A vector of <see cref="float"/> of known size, one probability a class; every row sums to 1
    /// within 0.001.</param>
    /// <param name="options">What to compute, and the columns of weights and row names; everything but the bootstrap if null.</param>
    /// <returns>
    /// The figures. Rows without a label, with a label that is none of the classes, with NaN or an infinity, or without weight are left out
    /// and counted.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or label and class names have nothing in
    /// common.</exception>
    /// <exception cref="InvalidOperationException">The column holds no probabilities (the message says what it looks like, and which
    /// transform to append), or no row can be used.</exception>
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
        var columns = EvaluatedColumns.Of(data.Schema, labelColumnName, probabilityColumnName, options);
        var metrics = DataViewEvaluation.Evaluate(data, columns, options);
        using var channel = environment.Start(nameof(EvaluateProbabilities));
        if (metrics.RowsUsed == 0)
        {
            throw new InvalidOperationException(metrics.RowsLeftOut.Total == 0
                ? "The data to evaluate has no rows."
                : $"No row of the data can be evaluated. Rows left out: {metrics.RowsLeftOut}.");
        }

        if (metrics.RowsLeftOut.Total > 0)
            channel.Warning(MessageSensitivity.Schema, $"{metrics.RowsLeftOut.Total} rows could not be evaluated: {metrics.RowsLeftOut}.");
        return metrics;
    }
}
