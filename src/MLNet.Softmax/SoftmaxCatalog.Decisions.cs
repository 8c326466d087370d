namespace Microsoft.ML;

public static partial class SoftmaxCatalog
{
    /// <summary>
    /// Chooses a class: the most probable one, unless a threshold or costs say otherwise. Append it after a calibrator that may change the
    /// most probable class, or if an answer needs a minimum confidence.
    /// </summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="outputColumnName">
    /// The name of the column to add: a key with the values of the label, as after a trainer. The key is missing if the decision is to
    /// abstain, and for rows with NaN. In a tie, the class with the lower index is chosen.
    /// </param>
    /// <param name="inputColumnName">The name of the column of probabilities, a vector of <see cref="float"/> of known size.</param>
    /// <param name="positiveClass">The class that has a threshold; null if none has.</param>
    /// <param name="threshold">
    /// From 0 to 1. The positive class is chosen if its probability is at least this, else the most probable other class.
    /// </param>
    /// <param name="minimumConfidence">
    /// From 0 to 1. If the chosen class is less probable than this, the key is missing (C. K. Chow, 1970).
    /// </param>
    /// <param name="costs">
    /// Instead of a threshold: costs[a, k] is the cost of choosing class a if class k is true, in the order of the probabilities. The class
    /// of least expected cost is chosen (C. Elkan, 2001). One more row holds the cost of abstaining. Null for none.
    /// </param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The threshold or the minimum confidence is not from 0 to 1.</exception>
    /// <exception cref="ArgumentException">
    /// A column name is empty; a class is given without a threshold, a threshold without a class, or costs with both; the costs have the
    /// wrong shape, or contain NaN or an infinity.
    /// </exception>
    /// <example><code>
    /// var pipeline = trainer
    ///     .Append(mlContext.Transforms.Softmax("Probability", "Score"))
    ///     .Append(mlContext.Transforms.Decide(positiveClass: "hot dog", threshold: 0.8f))
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// </code></example>
    public static DecideEstimator Decide(
        this TransformsCatalog catalog, string outputColumnName = "PredictedLabel", string inputColumnName = "Probability",
        string? positiveClass = null, float? threshold = null, float minimumConfidence = 0, float[,]? costs = null)
    {
        if (positiveClass is null != threshold is null)
        {
            throw new ArgumentException(
                "A threshold needs a positive class, and a positive class a threshold. Give both or neither.", nameof(threshold));
        }

        return Decide(catalog, new DecisionOptions
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            Thresholds = positiveClass is null ? new Dictionary<string, float>() : new() { [positiveClass] = threshold!.Value },
            MinimumConfidence = minimumConfidence,
            Costs = costs,
        });
    }

    /// <summary>
    /// Chooses a class, with all settings: thresholds for several classes, a column that says whether there is a decision.
    /// </summary>
    /// <param name="catalog">The transforms catalog: <c>mlContext.Transforms</c>.</param>
    /// <param name="options">Copied; later changes to them have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A threshold or the minimum confidence is not from 0 to 1.</exception>
    /// <exception cref="ArgumentException">
    /// A column name is empty; there are both costs and thresholds; the costs have the wrong shape, or contain NaN or an infinity.
    /// </exception>
    /// <example><code>
    /// var decide = mlContext.Transforms.Decide(new DecisionOptions
    /// {
    ///     Thresholds = new Dictionary&lt;string, float&gt; { ["fracture"] = 0.2f, ["sprain"] = 0.5f },
    ///     MinimumConfidence = 0.15f,
    ///     AddIsSure = true, // PredictedLabelIsSure
    /// });
    /// </code></example>
    public static DecideEstimator Decide(this TransformsCatalog catalog, DecisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(options);
    }

    /// <summary>
    /// Evaluates a given or fitted threshold on new rows: its figure with and without the threshold, and the curve over all thresholds,
    /// which a report can show (<see cref="ProbabilityReportOptions.Threshold"/>).
    /// </summary>
    /// <param name="catalog">The multiclass catalog: <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">Rows with label and probabilities, read once. Rows with NaN or an infinity are left out and counted.</param>
    /// <param name="decide">A decision with one positive class, or with a minimum confidence.</param>
    /// <param name="goal">
    /// The figure; null for the goal of the fit or, without a fit, F1 with a positive class and precision without one.
    /// </param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="exampleWeightColumnName">The column of weights, <see cref="float"/>; null if every row counts 1.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">The decision is by costs or has several thresholds, or does not allow the goal.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows, or they are all of one class.</exception>
    /// <example><code>
    /// var decide = mlContext.MulticlassClassification.Calibrators
    ///     .Threshold(ThresholdGoal.FBeta(), positiveClass: "hot dog").Fit(calibrated.Transform(heldOut));
    /// var figures = mlContext.MulticlassClassification.EvaluateThreshold(calibrated.Transform(test), decide);
    /// </code></example>
    public static ThresholdFit EvaluateThreshold(
        this MulticlassClassificationCatalog catalog, IDataView data, DecideTransformer decide, ThresholdGoal? goal = null,
        string labelColumnName = "Label", string? exampleWeightColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(decide);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        SchemaChecks.ThrowIfEmptyName(exampleWeightColumnName);
        return AnswerEvaluation.Threshold(data, decide, goal, new(labelColumnName, decide.InputColumnName, exampleWeightColumnName));
    }

    /// <summary>
    /// Evaluates the decisions in a column, whether <c>Decide</c>, a trainer or code of your own made them: how many are right, how many
    /// rows have one, precision and recall of each class, and the figures at every other threshold. A report shows the result
    /// (<see cref="ProbabilityReportOptions.Decisions"/>).
    /// </summary>
    /// <param name="catalog">The multiclass catalog: <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">
    /// Rows with label, decision and probabilities, read once. A row with NaN among the probabilities counts among the decisions, but not
    /// in the curve over thresholds.
    /// </param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="decisionColumnName">The column of decisions: a key, text or a number; missing where there is no decision.</param>
    /// <param name="probabilityColumnName">The column of probabilities, which names the classes.</param>
    /// <param name="positiveClass">
    /// The class whose threshold varies along the curve; null for the threshold of the most probable class, below which there is no
    /// decision.
    /// </param>
    /// <param name="goal">The figure that the curve's result compares; null for F1 with a positive class, precision without one.</param>
    /// <param name="costs">
    /// costs[a, k] is the cost of choosing class a if class k is true; one more row holds the cost of no decision. Null for no mean cost.
    /// </param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has the wrong type, or the positive class is not one of the classes.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The costs have the wrong shape, contain NaN or an infinity, or lack a row for rows without a decision; or the goal does not allow or
    /// needs a positive class.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// No row has a label of the classes, a decision names none of them, or, with a positive class, all rows or no rows belong to it.
    /// </exception>
    /// <example><code>
    /// var decisions = mlContext.MulticlassClassification.EvaluateDecisions(model.Transform(test), positiveClass: "hot dog");
    /// Console.WriteLine(decisions.Accuracy);
    /// </code></example>
    public static DecisionMetrics EvaluateDecisions(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label",
        string decisionColumnName = "PredictedLabel", string probabilityColumnName = "Probability", string? positiveClass = null,
        ThresholdGoal? goal = null, float[,]? costs = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(decisionColumnName);
        ArgumentException.ThrowIfNullOrEmpty(probabilityColumnName);
        return DecisionEvaluation.Evaluate(
            data, new(labelColumnName, probabilityColumnName, null), decisionColumnName, positiveClass, goal, costs);
    }

    /// <summary>
    /// Evaluates prediction sets: how often they contain the true class and how many labels they have, over all rows and within each class.
    /// </summary>
    /// <param name="catalog">The multiclass catalog: <c>mlContext.MulticlassClassification</c>.</param>
    /// <param name="data">Rows with label, probabilities and prediction sets. Read once.</param>
    /// <param name="labelColumnName">The column of true classes: a key, text or a number.</param>
    /// <param name="predictionSetColumnName">The column of sets: a vector of text.</param>
    /// <param name="probabilityColumnName">The column of probabilities, which names the classes.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row has a label of the classes.</exception>
    /// <example><code>
    /// var sets = mlContext.MulticlassClassification.Calibrators
    ///     .PredictionSet(conditional: PredictionSetConditional.PerClass).Fit(calibrated.Transform(heldOut));
    /// var coverage = mlContext.MulticlassClassification.EvaluatePredictionSets(sets.Transform(calibrated.Transform(test)));
    /// </code></example>
    public static PredictionSetMetrics EvaluatePredictionSets(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label",
        string predictionSetColumnName = "PredictionSet", string probabilityColumnName = "Probability")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictionSetColumnName);
        ArgumentException.ThrowIfNullOrEmpty(probabilityColumnName);
        return AnswerEvaluation.Sets(data, labelColumnName, predictionSetColumnName, probabilityColumnName);
    }
}
