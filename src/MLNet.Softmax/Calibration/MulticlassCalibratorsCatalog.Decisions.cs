using MLNet.Softmax.Calibration;

namespace Microsoft.ML;

// What is fitted to decide by probabilities: sets of labels, and thresholds.
public sealed partial class MulticlassCalibratorsCatalog
{
    /// <summary>
    /// Conformal prediction sets: for each row a list of labels, the most probable first. For any model, at least the given share of the
    /// sets contains the true label, provided that the rows are exchangeable with those of the fit. Fit it on rows that neither the model
    /// nor a calibrator before it was fitted on. LAC is the default because its sets are the smallest and the easiest to explain. RAPS is
    /// made for many classes; with few, it adds second labels that are not needed.
    /// </summary>
    /// <param name="coverage">The share of rows whose set must contain the true class, above 0 and below 1.</param>
    /// <param name="method">The rule that chooses the classes of a set.</param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="probabilityColumnName">
    /// The column of probabilities: a vector of <see cref="float"/> of known size, one value per class.
    /// </param>
    /// <param name="predictionSetColumnName">
    /// The column to add: a vector of text of variable size. A second column, with "Size" appended to the name, holds the number of labels.
    /// </param>
    /// <param name="exampleWeightColumnName">
    /// The column of weights, <see cref="float"/>; null if every row counts 1. The coverage is guaranteed for new rows that count 1.
    /// </param>
    /// <param name="conditional">
    /// Whether the coverage is guaranteed on average or within each true class. Imbalanced classes need the latter: an average hides rare
    /// ones.
    /// </param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is empty, or the coverage is out of its range.</exception>
    /// <example><code>
    /// var sets = mlContext.MulticlassClassification.Calibrators.PredictionSet(coverage: 0.95).Fit(calibrated.Transform(heldOut));
    /// var answers = sets.Transform(calibrated.Transform(test)).GetColumn&lt;string[]&gt;("PredictionSet");
    /// </code></example>
    public PredictionSetEstimator PredictionSet(
        double coverage = 0.9, PredictionSetMethod method = PredictionSetMethod.Lac, string labelColumnName = "Label",
        string probabilityColumnName = "Probability", string predictionSetColumnName = "PredictionSet",
        string? exampleWeightColumnName = null, PredictionSetConditional conditional = PredictionSetConditional.OnAverage) =>
        PredictionSet(new()
        {
            Fitting = { Coverage = coverage, Method = method, Conditional = conditional },
            LabelColumnName = labelColumnName,
            ProbabilityColumnName = probabilityColumnName,
            PredictionSetColumnName = predictionSetColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        });

    /// <summary>Conformal prediction sets, with options.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is empty, or an option is out of its range.</exception>
    /// <example><code>
    /// var sets = mlContext.MulticlassClassification.Calibrators.PredictionSet(
    ///     new PredictionSetCalibratorOptions { Fitting = { Method = PredictionSetMethod.Lac } }).Fit(calibrated.Transform(heldOut));
    /// </code></example>
    public PredictionSetEstimator PredictionSet(PredictionSetCalibratorOptions options) => new(_environment, options);

    /// <summary>
    /// Chooses a threshold for one class, or a minimum confidence for all, and applies it: the fitted counterpart of
    /// <c>Transforms.Decide</c>. Fit it on rows that neither the model nor a calibrator before it was fitted on.
    /// </summary>
    /// <param name="goal">The goal that the threshold must reach.</param>
    /// <param name="positiveClass">
    /// The class that gets the threshold. It is the answer if its probability reaches the threshold, else the most probable other class is.
    /// Null to choose a minimum confidence, below which the key is missing.
    /// </param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="probabilityColumnName">
    /// The column of probabilities: a vector of <see cref="float"/> of known size, one value per class.
    /// </param>
    /// <param name="outputColumnName">The column to add: a key with the values of the label, as after a trainer.</param>
    /// <param name="exampleWeightColumnName">The column of weights, <see cref="float"/>; null if every row counts 1.</param>
    /// <returns>The estimator. The transformer's <c>Calibration</c> describes the fit.</returns>
    /// <exception cref="ArgumentException">A column name is empty, or the goal needs a positive class or does not allow one.</exception>
    /// <example><code>
    /// var decide = mlContext.MulticlassClassification.Calibrators
    ///     .Threshold(ThresholdGoal.Precision(0.95), positiveClass: "hot dog").Fit(calibrated.Transform(heldOut));
    /// Console.WriteLine(decide.Calibration); // threshold, precision before and after, rows
    /// </code></example>
    public ThresholdEstimator Threshold(
        ThresholdGoal goal, string? positiveClass = null, string labelColumnName = "Label", string probabilityColumnName = "Probability",
        string outputColumnName = "PredictedLabel", string? exampleWeightColumnName = null) => Threshold(new ThresholdCalibratorOptions
        {
            Goal = goal,
            PositiveClass = positiveClass,
            LabelColumnName = labelColumnName,
            ProbabilityColumnName = probabilityColumnName,
            OutputColumnName = outputColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
        });

    /// <summary>Chooses a threshold, with options.</summary>
    /// <param name="options">Copied; later changes to them have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is empty, or the goal needs a positive class or does not allow one.</exception>
    /// <example><code>
    /// var decide = mlContext.MulticlassClassification.Calibrators.Threshold(
    ///     new ThresholdCalibratorOptions { Goal = ThresholdGoal.SelectiveRisk(0.05), AddIsSure = true })
    ///     .Fit(calibrated.Transform(heldOut));
    /// </code></example>
    public ThresholdEstimator Threshold(ThresholdCalibratorOptions options) => new(_environment, options);
}
