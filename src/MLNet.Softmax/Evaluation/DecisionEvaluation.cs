using MLNet.Softmax.Calibration;

namespace MLNet.Softmax.Evaluation;

/// <summary>Evaluates the decisions in a column, from any source.</summary>
internal sealed class DecisionEvaluation
{
    /// <summary>Rows by true class and by decision; the last column counts the rows without one.</summary>
    private readonly long[,] _counts;

    private readonly int? _positive;
    private float _lowest = 1;

    private DecisionEvaluation(int classCount, int? positive) =>
        (_counts, _positive) = (new long[classCount, classCount + 1], positive);

    private int ClassCount => _counts.GetLength(0);

    public static DecisionMetrics Evaluate(
        IDataView data, HeldOutColumns columns, string decisionColumnName, string? positiveClass, ThresholdGoal? goal, float[,]? costs)
    {
        var (probabilities, classCount) = data.Schema.RequireClassScores(columns.Score);
        var positive = positiveClass is null ? (int?)null : ClassLabels.IndexOf(probabilities, classCount, positiveClass);
        if (costs is not null)
            CheckCosts(costs, classCount);
        goal ??= positive is null ? ThresholdGoal.Precision(1) : ThresholdGoal.FBeta();
        ThresholdRows.Check(goal, positive is not null);

        var evaluation = new DecisionEvaluation(classCount, positive);
        var overThresholds = new ThresholdRows(classCount, positive);
        var (label, decision) = (data.Schema.Require(columns.Label), data.Schema.Require(decisionColumnName));
        var named = ClassLabels.Names(probabilities, classCount);
        var names = ClassLabels.WithIndices(named, classCount);
        var (labels, decisions) = (new LabelColumn(label, names, named is not null), new LabelColumn(decision, names, named is not null));

        using var cursor = data.GetRowCursor([label, decision, probabilities]);
        var (labelOf, decisionOf) = (labels.Reader(cursor), decisions.Reader(cursor));
        var probabilitiesOf = cursor.GetGetter<VBuffer<float>>(probabilities);
        var (missing, unknown) = (0L, 0L);
        VBuffer<float> buffer = default;
        float[] dense = [];
        while (cursor.MoveNext())
        {
            var (k, decided) = (labelOf(), decisionOf());
            if (k < 0)
            {
                _ = k == LabelColumn.Missing ? missing++ : unknown++;
                continue;
            }

            if (decided == LabelColumn.Unknown)
            {
                throw new InvalidOperationException(
                    $"Row {cursor.Position} of column '{decisionColumnName}' holds a decision for none of the classes of column "
                    + $"'{columns.Score}'.{decisions.Describe()} Evaluate the decisions with the probabilities that they were made from.");
            }

            probabilitiesOf(ref buffer);
            var row = DenseValues.Of(buffer, ref dense);
            overThresholds.Add(row, k);
            evaluation.Add(k, decided, row);
        }

        labels.ThrowIfCountedFromOne();
        decisions.ThrowIfCountedFromOne();
        return evaluation.Result(columns.Label, names, new(missing, unknown, 0, 0, 0), overThresholds, goal, costs);
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

    private void Add(int label, int decided, ReadOnlySpan<float> row)
    {
        _counts[label, decided < 0 ? ClassCount : decided]++;
        // Where the probability is NaN, neither comparison holds.
        if (decided >= 0 && decided == (_positive ?? decided)
            && row[_positive ?? ArgMax.Compute(row)] is var probability && probability < _lowest && probability >= 0)
        {
            _lowest = probability;
        }
    }

    private DecisionMetrics Result(
        string labelColumnName, string[] names, RowsLeftOut leftOut, ThresholdRows overThresholds, ThresholdGoal goal, float[,]? costs)
    {
        var all = _counts.Cast<long>().Sum();
        if (all == 0)
            throw new InvalidOperationException($"No row of column '{labelColumnName}' has a label that is one of the classes.");
        long Of(int label, int decided) => _counts[label, decided];
        var classes = Enumerable.Range(0, ClassCount);
        var (answered, right) = (all - classes.Sum(k => Of(k, ClassCount)), classes.Sum(k => Of(k, k)));
        if (costs?.GetLength(0) == ClassCount && answered < all)
        {
            throw new ArgumentException(
                $"The costs have no row for abstaining, but {all - answered} rows have no decision. Add a row {ClassCount} that says what "
                + "that costs.", nameof(costs));
        }

        return new(
            Share(right, answered), Share(answered, all), costs is null ? null : MeanCost(costs, all), all, leftOut,
            overThresholds.Evaluate(_lowest, goal),
            [
                .. names.Select((name, k) =>
                {
                    var (rows, decisions) = (Enumerable.Range(0, ClassCount + 1).Sum(a => Of(k, a)), classes.Sum(label => Of(label, k)));
                    return new ClassDecisions(name, rows, decisions, Share(Of(k, k), decisions), Share(Of(k, k), rows));
                }),
            ]);
    }

    private FigureWithInterval MeanCost(float[,] costs, long rows)
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

        var mean = sum / rows;
        return new(mean, ConfidenceInterval.OfMean(mean, Math.Sqrt(Math.Max(0, (squares / rows) - (mean * mean)) / rows)));
    }

    private static FigureWithInterval Share(long part, long whole)
    {
        var share = (double)part / whole;
        return new(share, ConfidenceInterval.OfShare(share, whole));
    }
}
