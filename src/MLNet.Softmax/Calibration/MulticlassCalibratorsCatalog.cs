using System.Runtime.CompilerServices;
using MLNet.Softmax.Calibration;

namespace Microsoft.ML;

/// <summary>
/// Calibrators of multiclass scores. Fit each on rows that the model was not trained on: on the training rows every model looks too good.
/// Which one: <see cref="Temperature(string, string, string, string?, ScoreKind)"/> first, from 30 rows on and for any number of classes;
/// <c>VectorScaling</c> for some hundreds of rows, when some classes are preferred wrongly; <c>MatrixScaling</c> or <c>Dirichlet</c> for
/// up to about 30 classes with at least about 10 rows for each of their classes * (classes + 1) parameters; <c>Isotonic</c> from about
/// 1,000 rows on, for scores that are ordered well but misshapen.
/// </summary>
public sealed class MulticlassCalibratorsCatalog
{
    private readonly IHostEnvironment _environment;

    internal MulticlassCalibratorsCatalog(IHostEnvironment environment) => _environment = environment;

    /// <summary>
    /// One temperature for all classes, softmax(z / T), fitted by maximum likelihood (C. Guo et al., 2017). Which class is first never
    /// changes. The rows are read once into a buffer of 4 bytes a score and 6 bytes a row.
    /// </summary>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="scoreColumnName">The column of scores: a vector of <see cref="float"/> of known size, one value a class.</param>
    /// <param name="probabilityColumnName">The column to add: calibrated probabilities, of the shape of the scores.</param>
    /// <param name="exampleWeightColumnName">The column of weights, <see cref="float"/>; null if every row counts 1.</param>
    /// <param name="scoreKind">What the scores are.</param>
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
    /// A factor and a summand for each class: softmax(w * z + b). It mends a bias towards some classes, and may change which class is
    /// first; the trainer's PredictedLabel does not follow, so append <c>Transforms.Decide</c>.
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

    /// <summary>A factor and a summand for each class, with options.</summary>
    /// <inheritdoc cref="Temperature(CalibratorOptions{TemperatureScalingOptions})" path="/*[not(self::summary or self::example)]"/>
    /// <example><code>
    /// var calibrator = mlContext.MulticlassClassification.Calibrators
    ///     .VectorScaling(new() { ScoreKind = ScoreKind.Logits })
    ///     .Fit(model.Transform(heldOut));
    /// </code></example>
    public CalibratorEstimator<VectorScalingCalibratorTransformer> VectorScaling(CalibratorOptions<ScalingOptions> options) =>
        Create(options, VectorScalingCalibratorTransformer.Fit);

    /// <summary>
    /// A full affine map of the logits, softmax(Wz + b), with off-diagonal and intercept regularization (M. Kull et al., 2019). It mends
    /// classes that are mistaken for one another, and may change which class is first; the trainer's PredictedLabel does not follow, so
    /// append <c>Transforms.Decide</c>.
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
    /// Dirichlet calibration, softmax(W ln p + b) (M. Kull et al., 2019): matrix scaling on log-probabilities. It may change which class is
    /// first; the trainer's PredictedLabel does not follow, so append <c>Transforms.Decide</c>.
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
    /// A monotone curve for each class against the rest, then renormalised, as scikit-learn's CalibratedClassifierCV does. It may change
    /// which class is first, and may give a probability of exactly 0; the trainer's PredictedLabel does not follow, so append
    /// <c>Transforms.Decide</c>.
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
    /// Conformal prediction sets: for each row a list of labels, the most probable first, that contains the true one in at least the
    /// given share of rows, whatever the model, as long as the rows are exchangeable with those of the fit. Fit it on rows that neither
    /// the model nor a calibrator before it was fitted on. LAC is the default because its sets are the smallest and the easiest to explain;
    /// RAPS, made for many classes, adds second labels to rows of few classes that need none.
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
    /// <param name="conditional">
    /// Whether the coverage is promised on average or within each true class, which imbalanced classes need: the average hides a rare one.
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
    /// Chooses a threshold for one class, or a minimum confidence for all, and decides at it: the fitted counterpart of
    /// <c>Transforms.Decide</c>. Fit it on rows that neither the model nor a calibrator before it was fitted on.
    /// </summary>
    /// <param name="goal">What the threshold is to reach.</param>
    /// <param name="positiveClass">
    /// The class that gets the threshold: it is answered where its probability reaches the threshold, else the best of the others. Null to
    /// choose the confidence below which the key is missing.
    /// </param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="probabilityColumnName">The column of probabilities: a vector of <see cref="float"/> of known size, one value a
    /// class.</param>
    /// <param name="outputColumnName">The column to add: a key with the values of the label, as after a trainer.</param>
    /// <param name="exampleWeightColumnName">The column of weights, <see cref="float"/>; null if every row counts 1.</param>
    /// <returns>The estimator. The record of the fit is <c>Calibration</c> of the transformer.</returns>
    /// <exception cref="ArgumentException">A column name is empty, or the goal needs a positive class or none.</exception>
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
    /// <exception cref="ArgumentException">A column name is empty, or the goal needs a positive class or none.</exception>
    /// <example><code>
    /// var decide = mlContext.MulticlassClassification.Calibrators.Threshold(
    ///     new ThresholdCalibratorOptions { Goal = ThresholdGoal.SelectiveRisk(0.05), AddIsSure = true })
    ///     .Fit(calibrated.Transform(heldOut));
    /// </code></example>
    public ThresholdEstimator Threshold(ThresholdCalibratorOptions options) => new(_environment, options);

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
