namespace MLNet.Softmax.Evaluation;

/// <summary>
/// Evaluates decisions from any source: add the rows, then compute <see cref="DecisionMetrics"/>. Keeps 12 bytes a row for the figures over
/// thresholds.
/// </summary>
public sealed class DecisionEvaluator
{
    /// <summary>Rows by true class and by decision; the last column counts the rows without one.</summary>
    private readonly long[,] _counts;

    private readonly string[] _classNames;
    private readonly int? _positive;
    private readonly float[,]? _costs;
    private readonly ThresholdRows _overThresholds;
    private RowsLeftOut _leftOut = RowsLeftOut.None;
    private float _lowest = 1;

    /// <summary>Creates an evaluator without rows.</summary>
    /// <param name="classNames">The name of each class, at least two.</param>
    /// <param name="positiveClass">
    /// The index of the class whose threshold varies along the curve; null for the threshold of the most probable class, below which there
    /// is no decision.
    /// </param>
    /// <param name="costs">
    /// costs[a, k] is the cost of choosing class a if class k is true; one more row holds the cost of no decision. Null for no mean cost.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="classNames"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There are fewer than two classes, or the positive class is not one of them.
    /// </exception>
    /// <exception cref="ArgumentException">The costs have the wrong shape, or contain NaN or an infinity.</exception>
    public DecisionEvaluator(IEnumerable<string> classNames, int? positiveClass = null, float[,]? costs = null)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        _classNames = [.. classNames];
        _overThresholds = new ThresholdRows(ClassCount, positiveClass);
        if (costs is not null)
            CheckCosts(costs, ClassCount);
        (_positive, _costs) = (positiveClass, (float[,]?)costs?.Clone());
        _counts = new long[ClassCount, ClassCount + 1];
    }

    /// <summary>The number of rows added.</summary>
    public long RowCount { get; private set; }

    private int ClassCount => _classNames.Length;

    /// <summary>Adds a row. If a probability is NaN, the row counts among the decisions, but not in the curve over thresholds.</summary>
    /// <param name="probabilities">One value per class.</param>
    /// <param name="label">The true class, 0-based.</param>
    /// <param name="decision">The class that was chosen, 0-based; negative, as <see cref="DecisionRule.Abstain"/>, for none.</param>
    /// <exception cref="ArgumentException">The row does not have one value per class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label or the decision is not one of the classes.</exception>
    public void Add(ReadOnlySpan<float> probabilities, int label, int decision)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)ClassCount, nameof(label));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(decision, ClassCount);
        _overThresholds.Add(probabilities, label);
        _counts[label, decision < 0 ? ClassCount : decision]++;
        RowCount++;
        // Where the probability is NaN, neither comparison holds.
        if (decision >= 0 && decision == (_positive ?? decision)
            && probabilities[_positive ?? ArgMax.Compute(probabilities)] is var probability && probability < _lowest && probability >= 0)
        {
            _lowest = probability;
        }
    }

    /// <summary>Counts rows that the source could not deliver.</summary>
    /// <param name="rows">How many, by reason.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rows"/> is null.</exception>
    public void LeaveOut(RowsLeftOut rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _leftOut += rows;
    }

    /// <summary>Computes the figures from all rows so far.</summary>
    /// <param name="goal">The figure that the curve's result compares; null for F1 with a positive class, precision without one.</param>
    /// <returns>The figures.</returns>
    /// <exception cref="ArgumentException">
    /// The goal does not allow or needs a positive class, or the costs lack a row for rows without a decision.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, or, with a positive class, all rows or no rows belong to it.
    /// </exception>
    public DecisionMetrics ToMetrics(ThresholdGoal? goal = null)
    {
        if (RowCount == 0)
            throw new InvalidOperationException("There are no rows whose decisions could be evaluated.");
        long Of(int label, int decided) => _counts[label, decided];
        var classes = Enumerable.Range(0, ClassCount);
        var (answered, right) = (RowCount - classes.Sum(k => Of(k, ClassCount)), classes.Sum(k => Of(k, k)));
        if (_costs?.GetLength(0) == ClassCount && answered < RowCount)
        {
            throw new ArgumentException(
                $"The costs have no row for abstaining, but {RowCount - answered} rows have no decision. Add a row {ClassCount} that says "
                + "what that costs.");
        }

        goal ??= _positive is null ? ThresholdGoal.Precision(1) : ThresholdGoal.FBeta();
        return new(
            Share(right, answered), Share(answered, RowCount), _costs is null ? null : MeanCost(_costs), RowCount, _leftOut,
            _overThresholds.Evaluate(_lowest, goal),
            [
                .. _classNames.Select((name, k) =>
                {
                    var (rows, decisions) = (Enumerable.Range(0, ClassCount + 1).Sum(a => Of(k, a)), classes.Sum(label => Of(label, k)));
                    return new ClassDecisions(name, rows, decisions, Share(Of(k, k), decisions), Share(Of(k, k), rows));
                }),
            ]);
    }

    /// <summary>Checks the costs as for a decision by costs. A row for abstaining is needed only if some row abstains.</summary>
    private static void CheckCosts(float[,] costs, int classCount)
    {
        _ = DecisionRule.ByCosts(costs);
        if (costs.GetLength(1) != classCount)
        {
            throw new ArgumentException(
                $"The costs have {costs.GetLength(1)} columns, but there are {classCount} classes; one column a class is expected.",
                nameof(costs));
        }
    }

    private FigureWithInterval MeanCost(float[,] costs)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var action = 0; action < costs.GetLength(0); action++)
        {
            for (var label = 0; label < ClassCount; label++)
            {
                double cost = costs[action, label];
                sum += _counts[label, action] * cost;
                squares += _counts[label, action] * cost * cost;
            }
        }

        var mean = sum / RowCount;
        return new(mean, ConfidenceInterval.OfMean(mean, Math.Sqrt(Math.Max(0, (squares / RowCount) - (mean * mean)) / RowCount)));
    }

    private static FigureWithInterval Share(long part, long whole)
    {
        var share = (double)part / whole;
        return new(share, ConfidenceInterval.OfShare(share, whole));
    }
}
