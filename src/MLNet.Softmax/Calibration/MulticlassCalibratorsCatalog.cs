using System.Runtime.CompilerServices;
using MLNet.Softmax.Calibration;

namespace Microsoft.ML;

/// <summary>
/// Calibrators of multiclass scores. Fit each on rows that the model was not trained on: on the training rows every model looks too good.
/// Which one: <see cref="Temperature(string, string, string, string?, ScoreKind)"/> first, from 30 rows on and for any number of classes;
/// <c>VectorScaling</c> for some hundreds of rows, if the model wrongly favours some classes; <c>MatrixScaling</c> or <c>Dirichlet</c> for
/// up to about 30 classes with at least about 10 rows for each of their classes * (classes + 1) parameters; <c>Isotonic</c> from about
/// 1,000 rows on, for scores that rank classes well but are poor probabilities.
/// </summary>
public sealed partial class MulticlassCalibratorsCatalog
{
    private readonly IHostEnvironment _environment;

    internal MulticlassCalibratorsCatalog(IHostEnvironment environment) => _environment = environment;

    /// <summary>
    /// One temperature for all classes, softmax(z / T), fitted by maximum likelihood (C. Guo et al., 2017). The most probable class never
    /// changes. The rows are read once into a buffer: 4 bytes per score and 6 per row.
    /// </summary>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="scoreColumnName">The column of scores: a vector of <see cref="float"/> of known size, one value per class.</param>
    /// <param name="probabilityColumnName">The column to add: calibrated probabilities, of the shape of the scores.</param>
    /// <param name="exampleWeightColumnName">The column of weights, <see cref="float"/>; null if every row counts 1.</param>
    /// <param name="scoreKind">What the score column holds.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(model.Transform(heldOut));
    /// Console.WriteLine(calibrator.Calibration); // temperature, loss before and after, rows
    /// </code></example>
    public CalibratorEstimator<TemperatureCalibratorTransformer> Temperature(
        string labelColumnName = "Label", string scoreColumnName = "Score", string probabilityColumnName = "Probability",
        string? exampleWeightColumnName = null, ScoreKind scoreKind = ScoreKind.Auto) =>
        Temperature(Columns<TemperatureScalingOptions>(
            labelColumnName, scoreColumnName, probabilityColumnName, exampleWeightColumnName, scoreKind));

    /// <summary>
    /// One temperature for all classes, with options: class weights, a fixed temperature, bounds, a minimum number of rows.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">A column name is empty.</exception>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators
    ///     .Temperature(new() { Fitting = { MinimumRows = 100 } })
    ///     .Fit(model.Transform(heldOut));
    /// </code></example>
    public CalibratorEstimator<TemperatureCalibratorTransformer> Temperature(CalibratorOptions<TemperatureScalingOptions> options) =>
        Create(options, TemperatureCalibratorTransformer.Fit);

    /// <summary>
    /// A weight and an intercept for each class: softmax(w * z + b). Corrects a bias towards some classes. The most probable class may
    /// change, but the trainer's PredictedLabel does not, so append <c>Transforms.Decide</c>.
    /// </summary>
    /// <inheritdoc cref="Temperature(string, string, string, string?, ScoreKind)" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators.VectorScaling().Fit(model.Transform(heldOut));
    /// var calibrated = model.Append(calibrator);
    /// </code></example>
    public CalibratorEstimator<VectorScalingCalibratorTransformer> VectorScaling(
        string labelColumnName = "Label", string scoreColumnName = "Score", string probabilityColumnName = "Probability",
        string? exampleWeightColumnName = null, ScoreKind scoreKind = ScoreKind.Auto) =>
        VectorScaling(Columns<ScalingOptions>(labelColumnName, scoreColumnName, probabilityColumnName, exampleWeightColumnName, scoreKind));

    /// <summary>A weight and an intercept for each class, with options.</summary>
    /// <inheritdoc cref="Temperature(CalibratorOptions{TemperatureScalingOptions})" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators
    ///     .VectorScaling(new() { ScoreKind = ScoreKind.Logits })
    ///     .Fit(model.Transform(heldOut));
    /// </code></example>
    public CalibratorEstimator<VectorScalingCalibratorTransformer> VectorScaling(CalibratorOptions<ScalingOptions> options) =>
        Create(options, VectorScalingCalibratorTransformer.Fit);

    /// <summary>
    /// A full affine map of the logits, softmax(Wz + b), with off-diagonal and intercept regularization (M. Kull et al., 2019). Corrects
    /// classes that are mistaken for one another. The most probable class may change, but the trainer's PredictedLabel does not, so append
    /// <c>Transforms.Decide</c>.
    /// </summary>
    /// <inheritdoc cref="Temperature(string, string, string, string?, ScoreKind)" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators.MatrixScaling().Fit(model.Transform(heldOut));
    /// var calibrated = model.Append(calibrator);
    /// </code></example>
    public CalibratorEstimator<MatrixScalingCalibratorTransformer> MatrixScaling(
        string labelColumnName = "Label", string scoreColumnName = "Score", string probabilityColumnName = "Probability",
        string? exampleWeightColumnName = null, ScoreKind scoreKind = ScoreKind.Auto) =>
        MatrixScaling(Columns<ScalingOptions>(labelColumnName, scoreColumnName, probabilityColumnName, exampleWeightColumnName, scoreKind));

    /// <summary>A full affine map of the logits, with options.</summary>
    /// <inheritdoc cref="Temperature(CalibratorOptions{TemperatureScalingOptions})" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators
    ///     .MatrixScaling(new() { Fitting = { OffDiagonalRegularization = 1 } })
    ///     .Fit(model.Transform(heldOut));
    /// </code></example>
    public CalibratorEstimator<MatrixScalingCalibratorTransformer> MatrixScaling(CalibratorOptions<ScalingOptions> options) =>
        Create(options, MatrixScalingCalibratorTransformer.Fit);

    /// <summary>
    /// Dirichlet calibration, softmax(W ln p + b) (M. Kull et al., 2019): matrix scaling on log-probabilities. The most probable class may
    /// change, but the trainer's PredictedLabel does not, so append <c>Transforms.Decide</c>.
    /// </summary>
    /// <inheritdoc cref="Temperature(string, string, string, string?, ScoreKind)" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators.Dirichlet().Fit(model.Transform(heldOut));
    /// var calibrated = model.Append(calibrator);
    /// </code></example>
    public CalibratorEstimator<DirichletCalibratorTransformer> Dirichlet(
        string labelColumnName = "Label", string scoreColumnName = "Score", string probabilityColumnName = "Probability",
        string? exampleWeightColumnName = null, ScoreKind scoreKind = ScoreKind.Auto) =>
        Dirichlet(Columns<ScalingOptions>(labelColumnName, scoreColumnName, probabilityColumnName, exampleWeightColumnName, scoreKind));

    /// <summary>Dirichlet calibration, with options.</summary>
    /// <inheritdoc cref="Temperature(CalibratorOptions{TemperatureScalingOptions})" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators
    ///     .Dirichlet(new() { Fitting = { OffDiagonalRegularization = 1 } })
    ///     .Fit(model.Transform(heldOut));
    /// </code></example>
    public CalibratorEstimator<DirichletCalibratorTransformer> Dirichlet(CalibratorOptions<ScalingOptions> options) =>
        Create(options, DirichletCalibratorTransformer.Fit);

    /// <summary>
    /// A monotone curve for each class against the rest, then renormalised, as scikit-learn's CalibratedClassifierCV does. A probability
    /// may be exactly 0. The most probable class may change, but the trainer's PredictedLabel does not, so append <c>Transforms.Decide</c>.
    /// </summary>
    /// <inheritdoc cref="Temperature(string, string, string, string?, ScoreKind)" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators.Isotonic().Fit(model.Transform(heldOut));
    /// var calibrated = model.Append(calibrator);
    /// </code></example>
    public CalibratorEstimator<IsotonicCalibratorTransformer> Isotonic(
        string labelColumnName = "Label", string scoreColumnName = "Score", string probabilityColumnName = "Probability",
        string? exampleWeightColumnName = null, ScoreKind scoreKind = ScoreKind.Auto) =>
        Isotonic(Columns<FitOptions>(labelColumnName, scoreColumnName, probabilityColumnName, exampleWeightColumnName, scoreKind));

    /// <summary>A monotone curve for each class, with options.</summary>
    /// <inheritdoc cref="Temperature(CalibratorOptions{TemperatureScalingOptions})" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators
    ///     .Isotonic(new() { Fitting = { MinimumRows = 500 } })
    ///     .Fit(model.Transform(heldOut));
    /// </code></example>
    public CalibratorEstimator<IsotonicCalibratorTransformer> Isotonic(CalibratorOptions<FitOptions> options) =>
        Create(options, IsotonicCalibratorTransformer.Fit);

    /// <summary>
    /// Calibration without held-out rows: for each fold, the trainer is fitted without it and scores it. The calibrator is fitted on these
    /// scores, and the trainer again on all rows. The result is that trainer followed by the calibrator.
    /// </summary>
    /// <typeparam name="TTransformer">The transformer that the calibrator returns.</typeparam>
    /// <param name="trainerPipeline">Everything up to and including the trainer. It is fitted folds + 1 times.</param>
    /// <param name="calibrator">
    /// The calibrator to fit on the out-of-fold rows: one of this catalog, or a chain of them. It sees the label, the scores and, if their
    /// column is named, the weights.
    /// </param>
    /// <param name="folds">The number of folds, 2 or more.</param>
    /// <param name="labelColumnName">The column of true classes after the trainer pipeline.</param>
    /// <param name="scoreColumnName">The column of scores that the trainer pipeline adds.</param>
    /// <param name="exampleWeightColumnName">
    /// The column of weights, <see cref="float"/>, after the trainer pipeline, for the calibrator: name it in the calibrator as well. Null
    /// if there are no weights.
    /// </param>
    /// <param name="samplingKeyColumnName">
    /// Rows with equal values in this column go into the same fold; null if all rows are independent.
    /// </param>
    /// <param name="seed">The seed of the division into folds.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 folds.</exception>
    /// <example><code>
    /// var calibrators = mlContext.MulticlassClassification.Calibrators;
    /// var calibratedModel = calibrators.CrossFit(trainer, calibrators.Temperature(), folds: 5).Fit(train);
    /// </code></example>
    public CrossFitEstimator<TTransformer> CrossFit<TTransformer>(
        IEstimator<ITransformer> trainerPipeline, IEstimator<TTransformer> calibrator, int folds = 5,
        string labelColumnName = "Label", string scoreColumnName = "Score", string? exampleWeightColumnName = null,
        string? samplingKeyColumnName = null, int seed = 0)
        where TTransformer : class, ITransformer =>
        new(
            _environment, trainerPipeline, calibrator,
            new(folds, new(labelColumnName, scoreColumnName, exampleWeightColumnName), samplingKeyColumnName, seed));

    private static CalibratorOptions<TFitting> Columns<TFitting>(
        string label, string score, string probability, string? weight, ScoreKind scoreKind)
        where TFitting : class, new() => new()
        {
            LabelColumnName = label,
            ScoreColumnName = score,
            ProbabilityColumnName = probability,
            ExampleWeightColumnName = weight,
            ScoreKind = scoreKind,
        };

    private CalibratorEstimator<TTransformer> Create<TTransformer, TFitting>(
        CalibratorOptions<TFitting> options,
        Func<CalibrationRows, TFitting, CalibratedColumns, IChannel, TTransformer> fit,
        [CallerMemberName] string name = "")
        where TTransformer : ScoreTransformer
        where TFitting : class, new()
    {
        ArgumentNullException.ThrowIfNull(options);
        var fitting = options.Fitting;
        return new(_environment, name, options.ToColumns(), (rows, columns, channel) => fit(rows, fitting, columns, channel));
    }
}
