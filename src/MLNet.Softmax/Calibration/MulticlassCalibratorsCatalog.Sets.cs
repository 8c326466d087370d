using MLNet.Softmax.Calibration;

namespace Microsoft.ML;

public sealed partial class MulticlassCalibratorsCatalog
{
    /// <summary>
    /// Conformal prediction sets: for each row a list of labels, the most probable first, that contains the true one in at least the
    /// given share of rows, whatever the model, as long as the rows are exchangeable with those of the fit. Fit it on rows that neither
    /// the model nor a calibrator before it was fitted on.
    /// </summary>
    /// <param name="coverage">The share of rows whose set shall contain the true class, above 0 and below 1.</param>
    /// <param name="method">Which classes a set takes in.</param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="probabilityColumnName">The column of probabilities: a vector of <see cref="float"/> of known size, one value a
    /// class.</param>
    /// <param name="predictionSetColumnName">
    /// The column to add: a vector of text of variable size. A second one, with "Size" after its name, holds how many labels there are.
    /// </param>
    /// <param name="exampleWeightColumnName">
    /// The column of weights, <see cref="float"/>; null if every row counts 1. A row for which the coverage is promised counts 1.
    /// </param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is empty, or the coverage is out of its range.</exception>
    /// <example><code>
    /// var sets = mlContext.MulticlassClassification.Calibrators.PredictionSet(coverage: 0.95).Fit(calibrated.Transform(heldOut));
    /// var answers = sets.Transform(calibrated.Transform(test)).GetColumn&lt;string[]&gt;("PredictionSet");
    /// </code></example>
    public PredictionSetEstimator PredictionSet(
        double coverage = 0.9,
        PredictionSetMethod method = PredictionSetMethod.Raps,
        string labelColumnName = "Label",
        string probabilityColumnName = "Probability",
        string predictionSetColumnName = "PredictionSet",
        string? exampleWeightColumnName = null) => PredictionSet(new()
        {
            Fitting = { Coverage = coverage, Method = method },
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
    /// Calibration without held-out rows: the trainer is fitted on each part of the rows, the scores of the rows that it did not see fit
    /// the calibrator, and then the trainer is refitted on everything. The result is that trainer followed by the calibrator.
    /// </summary>
    /// <typeparam name="TTransformer">The transformer that the calibrator gives.</typeparam>
    /// <param name="trainerPipeline">Everything up to and with the trainer. It is fitted folds + 1 times.</param>
    /// <param name="calibrator">What to fit on the out-of-fold rows: one of this catalog, or a chain of them. It sees the label, the
    /// scores and, if their column is named, the weights.</param>
    /// <param name="folds">How many parts, 2 or more.</param>
    /// <param name="labelColumnName">The column of true classes after the trainer pipeline.</param>
    /// <param name="scoreColumnName">The column of scores that the trainer pipeline adds.</param>
    /// <param name="exampleWeightColumnName">
    /// The column of weights, <see cref="float"/>, after the trainer pipeline, which the calibrator is to read: name it there as well.
    /// Null if it reads none.
    /// </param>
    /// <param name="samplingKeyColumnName">A column whose equal values must not be torn apart; null for rows that stand alone.</param>
    /// <param name="seed">Chooses the parts.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds.</exception>
    /// <example><code>
    /// var calibrators = mlContext.MulticlassClassification.Calibrators;
    /// var calibratedModel = calibrators.CrossFit(trainer, calibrators.Temperature(), folds: 5).Fit(train);
    /// </code></example>
    public CrossFitEstimator<TTransformer> CrossFit<TTransformer>(
        IEstimator<ITransformer> trainerPipeline,
        IEstimator<TTransformer> calibrator,
        int folds = 5,
        string labelColumnName = "Label",
        string scoreColumnName = "Score",
        string? exampleWeightColumnName = null,
        string? samplingKeyColumnName = null,
        int seed = 0)
        where TTransformer : class, ITransformer =>
        new(
            _environment,
            trainerPipeline,
            calibrator,
            new(folds, new(labelColumnName, scoreColumnName, exampleWeightColumnName), samplingKeyColumnName, seed));
}
