using MLNet.Softmax.Calibration;

namespace MLNet.Softmax.Evaluation;

/// <summary>Reads label, decision and probabilities of each row for a <see cref="DecisionEvaluator"/>.</summary>
internal static class DecisionEvaluation
{
    public static DecisionMetrics Evaluate(
        IDataView data, HeldOutColumns columns, string decisionColumnName, string? positiveClass, ThresholdGoal? goal, float[,]? costs)
    {
        var (probabilities, classCount) = data.Schema.RequireClassScores(columns.Score);
        var positive = positiveClass is null ? (int?)null : ClassLabels.IndexOf(probabilities, classCount, positiveClass);
        if (goal is not null)
            ThresholdRows.Check(goal, positive is not null);
        var (label, decision) = (data.Schema.Require(columns.Label), data.Schema.Require(decisionColumnName));
        var named = ClassLabels.Names(probabilities, classCount);
        var names = ClassLabels.WithIndices(named, classCount);
        var evaluator = new DecisionEvaluator(names, positive, costs);
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
            evaluator.Add(DenseValues.Of(buffer, ref dense), k, decided);
        }

        labels.ThrowIfCountedFromOne();
        decisions.ThrowIfCountedFromOne();
        if (evaluator.RowCount == 0)
            throw new InvalidOperationException($"No row of column '{columns.Label}' has a label that is one of the classes.");
        evaluator.LeaveOut(new(missing, unknown, 0, 0, 0));
        return evaluator.ToMetrics(goal);
    }
}
