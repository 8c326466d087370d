namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Metrics of the predicted classes only, without their probabilities: accuracy, precision, recall, F1, Matthews correlation and Cohen's
/// kappa. They store only the margins and the diagonal of the confusion matrix, for any number of classes.
/// </summary>
/// <remarks>
/// The macro averages leave out classes for which the figure is undefined (NaN). All figures are NaN if no row has weight.
/// Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient" (2004); Cohen, "A coefficient of agreement
/// for nominal scales" (1960).
/// </remarks>
public sealed class ClassificationMetrics
{
    private readonly CompensatedSum[] _labels;
    private readonly CompensatedSum[] _predictions;
    private readonly CompensatedSum[] _correct;
    private double _weightSquares;

    internal ClassificationMetrics(int classCount)
    {
        _labels = new CompensatedSum[classCount];
        _predictions = new CompensatedSum[classCount];
        _correct = new CompensatedSum[classCount];
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount => _labels.Length;

    /// <summary>The number of rows, including those of weight 0.</summary>
    public long RowCount { get; private set; }

    /// <summary>The weight of all rows; the number of rows if there are no weights.</summary>
    public double Weight => CompensatedSum.Total(_labels);

    /// <summary>
    /// The number of equally weighted rows that carry as much information, (sum w)^2 / sum w^2 (Kish 1965): the number of rows if there are
    /// no weights.
    /// </summary>
    public double EffectiveRowCount => EffectiveRowsPerWeight * Weight;

    /// <summary><see cref="EffectiveRowCount"/> / <see cref="Weight"/>. Sums over the classes: keep it out of loops over them.</summary>
    internal double EffectiveRowsPerWeight => _weightSquares == 0 ? 0 : Weight / _weightSquares;

    /// <summary>The share of rows whose most probable class is the true one, from 0 to 1.</summary>
    public double MicroAccuracy => CompensatedSum.Total(_correct) / Weight;

    /// <summary>The mean recall of the classes that have rows, from 0 to 1. scikit-learn calls it balanced accuracy.</summary>
    public double MacroAccuracy => Macro(Recall);

    /// <summary>The mean precision of the classes that have rows or predictions, from 0 to 1.</summary>
    public double MacroPrecision => Macro(Precision);

    /// <summary>The mean precision, each class weighted by its rows, from 0 to 1.</summary>
    public double WeightedPrecision => Weighted(Precision);

    /// <summary>The mean F1 of the classes that have rows or predictions, from 0 to 1.</summary>
    public double MacroF1 => Macro(F1);

    /// <summary>The mean F1, each class weighted by its rows, from 0 to 1.</summary>
    public double WeightedF1 => Weighted(F1);

    /// <summary>
    /// The correlation of true and predicted classes, from -1 to 1; 0 is no better than chance. Unlike accuracy, it is not high merely
    /// because one class is frequent. 0 if all rows belong to one class or are predicted as one, as in scikit-learn.
    /// </summary>
    public double MatthewsCorrelation
    {
        get
        {
            var (chance, labels, predictions) = Chance();
            var scale = Math.Sqrt((1 - labels) * (1 - predictions));
            return scale == 0 ? 0 : (MicroAccuracy - chance) / scale;
        }
    }

    /// <summary>
    /// Unweighted kappa, (accuracy - chance) / (1 - chance), where chance is the agreement of independent true and predicted classes of the
    /// same frequencies. At most 1; 0 is chance; NaN if all rows belong to one class and are predicted as it.
    /// </summary>
    public double CohenKappa
    {
        get
        {
            var (chance, _, _) = Chance();
            return (MicroAccuracy - chance) / (1 - chance);
        }
    }

    /// <summary>Computes the figures of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The figures.</returns>
    public static ClassificationMetrics Compute(ProbabilityBlock block) =>
        RowOutcome.Feed(block, new ClassificationMetrics(block.ClassCount), static (metrics, rows) => metrics.Add(rows));

    /// <summary>The Wilson interval of <see cref="MicroAccuracy"/>.</summary>
    /// <param name="level">The confidence level, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds if there are no rows.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ConfidenceInterval MicroAccuracyInterval(double level = 0.95) =>
        ConfidenceInterval.OfShare(MicroAccuracy, EffectiveRowCount, level);

    /// <summary>The weight of the rows that truly belong to a class.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The weight; the number of rows if there are no weights.</returns>
    public double LabelWeight(int label) => _labels[label].Value;

    /// <summary>The weight of the rows for which a class is the most probable.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The weight; the number of rows if there are no weights.</returns>
    public double PredictedWeight(int label) => _predictions[label].Value;

    /// <summary>The weight of the rows for which a class is both the true and the most probable one.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The weight; the number of rows if there are no weights.</returns>
    public double CorrectWeight(int label) => _correct[label].Value;

    /// <summary>Of the rows that truly belong to a class, the share predicted as it: the accuracy of the class.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN if the class has no rows.</returns>
    public double Recall(int label) => CorrectWeight(label) / LabelWeight(label);

    /// <summary>Of the rows predicted as a class, the share that truly belongs to it.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>
    /// From 0 to 1; 0 if the class has rows and none is predicted as it, as in ML.NET and scikit-learn; NaN if it has neither.
    /// </returns>
    public double Precision(int label)
    {
        var predicted = PredictedWeight(label);
        return predicted == 0 && LabelWeight(label) > 0 ? 0 : CorrectWeight(label) / predicted;
    }

    /// <summary>The harmonic mean of precision and recall of a class.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN if the class has neither rows nor predictions.</returns>
    public double F1(int label) => 2 * CorrectWeight(label) / (LabelWeight(label) + PredictedWeight(label));

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        RowCount += outcomes.Length;
        // A sum in a local variable stays in a register.
        var weightSquares = _weightSquares;
        foreach (ref readonly var outcome in outcomes)
        {
            weightSquares += (double)outcome.Weight * outcome.Weight;
            _labels[outcome.Label].Add(outcome.Weight);
            _predictions[outcome.Predicted].Add(outcome.Weight);
            // Adding 0 is faster than a branch that the processor cannot predict.
            _correct[outcome.Label].Add(outcome.CorrectWeight);
        }

        _weightSquares = weightSquares;
    }

    internal void Merge(ClassificationMetrics other)
    {
        RowCount += other.RowCount;
        _weightSquares += other._weightSquares;
        CompensatedSum.Merge(_labels, other._labels);
        CompensatedSum.Merge(_predictions, other._predictions);
        CompensatedSum.Merge(_correct, other._correct);
    }

    internal void Transfer(StateTransfer state)
    {
        RowCount = state.Count(RowCount);
        state.Sum(ref _weightSquares);
        state.Sums<CompensatedSum>(_labels);
        state.Sums<CompensatedSum>(_predictions);
        state.Sums<CompensatedSum>(_correct);
    }

    /// <summary>
    /// The probability that two independent draws of a class agree: a true and a predicted one, two true ones, two predicted ones.
    /// </summary>
    private (double Mixed, double Labels, double Predictions) Chance()
    {
        // Shares instead of weights, so that no product of two large totals loses precision.
        double weight = Weight, mixed = 0, labels = 0, predictions = 0;
        for (var label = 0; label < ClassCount; label++)
        {
            var labelled = LabelWeight(label) / weight;
            var predicted = PredictedWeight(label) / weight;
            mixed += labelled * predicted;
            labels += labelled * labelled;
            predictions += predicted * predicted;
        }

        return (mixed, labels, predictions);
    }

    private double Macro(Func<int, double> figure) => RocAuc.Macro([.. Enumerable.Range(0, ClassCount).Select(figure)]);

    private double Weighted(Func<int, double> figure) =>
        Enumerable.Range(0, ClassCount).Where(label => LabelWeight(label) > 0).Sum(label => LabelWeight(label) * figure(label)) / Weight;
}
