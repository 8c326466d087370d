namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The margins and the diagonal of the confusion matrix: for each class the weight of the rows that belong to it, that were given it,
/// and both. Accuracy, precision, recall, F1, Matthews correlation and Cohen's kappa need no more, whatever the number of classes.
/// </summary>
public sealed class ClassTotals : IOutcomeAccumulator<ClassTotals>
{
    private readonly CompensatedSum[] _labels;
    private readonly CompensatedSum[] _predictions;
    private readonly CompensatedSum[] _correct;
    private double _weightSquares;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is less than 1.</exception>
    public ClassTotals(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        _labels = new CompensatedSum[classCount];
        _predictions = new CompensatedSum[classCount];
        _correct = new CompensatedSum[classCount];
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount => _labels.Length;

    /// <summary>The number of rows taken in, those of weight 0 included.</summary>
    public long RowCount { get; private set; }

    /// <summary>The weight of all rows; the number of rows where there are no weights.</summary>
    public double Weight => Sum(_labels);

    /// <summary>The weight of the rows that were given their true class.</summary>
    public double CorrectWeight => Sum(_correct);

    /// <summary>
    /// How many rows of equal weight tell as much as these, (sum w)^2 / sum w^2: the number of rows where there are no weights. Kish
    /// (1965).
    /// </summary>
    public double EffectiveRowCount => _weightSquares == 0 ? 0 : Weight * Weight / _weightSquares;

    /// <summary>Computes the totals of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The totals.</returns>
    public static ClassTotals Compute(ProbabilityBlock block) => RowOutcomes.Feed(new ClassTotals(block.ClassCount), block);

    /// <summary>The weight of the rows that truly belong to a class.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The weight.</returns>
    public double Labelled(int label) => _labels[label].Value;

    /// <summary>The weight of the rows for which a class is the most probable.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The weight.</returns>
    public double Predicted(int label) => _predictions[label].Value;

    /// <summary>The weight of the rows for which a class is both the true and the most probable one.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>The weight.</returns>
    public double Correct(int label) => _correct[label].Value;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        RowCount += outcomes.Length;
        foreach (ref readonly var outcome in outcomes)
        {
            _weightSquares += (double)outcome.Weight * outcome.Weight;
            _labels[outcome.Label].Add(outcome.Weight);
            _predictions[outcome.Predicted].Add(outcome.Weight);
            // Adding nothing is faster than a branch that cannot be foreseen.
            _correct[outcome.Label].Add(outcome.CorrectWeight);
        }
    }

    /// <inheritdoc/>
    public void Merge(ClassTotals other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeGuard.SameClasses(ClassCount, other.ClassCount);
        RowCount += other.RowCount;
        _weightSquares += other._weightSquares;
        for (var label = 0; label < ClassCount; label++)
        {
            _labels[label].Merge(other._labels[label]);
            _predictions[label].Merge(other._predictions[label]);
            _correct[label].Merge(other._correct[label]);
        }
    }

    private static double Sum(CompensatedSum[] sums)
    {
        var total = new CompensatedSum();
        foreach (var sum in sums)
            total.Merge(sum);
        return total.Value;
    }
}
