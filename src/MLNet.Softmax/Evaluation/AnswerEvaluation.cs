using MLNet.Softmax.Calibration;

namespace MLNet.Softmax.Evaluation;

/// <summary>Evaluates prediction sets, and decisions at a threshold.</summary>
internal static class AnswerEvaluation
{
    public static PredictionSetMetrics Sets(IDataView data, string labelColumnName, string setColumnName, string probabilityColumnName)
    {
        var (probabilities, classCount) = data.Schema.RequireClassScores(probabilityColumnName);
        var (label, sets) = (data.Schema.Require(labelColumnName), data.Schema.Require(setColumnName));
        if (sets.Type is not VectorDataViewType { ItemType: TextDataViewType })
            throw SchemaChecks.Refused($"Column '{setColumnName}' is {sets.Type}, but a vector of text is expected.", "data");
        var named = ClassLabels.Names(probabilities, classCount);
        var names = ClassLabels.WithIndices(named, classCount);
        var labels = new LabelColumn(label, names, named is not null);
        var (rows, covered, sizes) = (new long[classCount], new long[classCount], new long[classCount]);
        long missing = 0, unknown = 0;

        using var cursor = data.GetRowCursor([label, sets]);
        var labelOf = labels.Reader(cursor);
        var setOf = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(sets);
        VBuffer<ReadOnlyMemory<char>> set = default;
        while (cursor.MoveNext())
        {
            var k = labelOf();
            if (k < 0)
            {
                _ = k == LabelColumn.Missing ? missing++ : unknown++;
                continue;
            }

            setOf(ref set);
            rows[k]++;
            sizes[k] += set.Length;
            if (set.DenseValues().Any(name => name.Span.SequenceEqual(names[k])))
                covered[k]++;
        }

        labels.ThrowIfCountedFromOne();
        if (rows.Sum() == 0)
            throw new InvalidOperationException($"No row of column '{labelColumnName}' has a label that is one of the classes.");
        var all = Of("", rows.Sum(), covered.Sum(), sizes.Sum());
        return new(
            all.Coverage, all.CoverageInterval, all.MeanSize, all.Rows, new(missing, unknown, 0, 0, 0),
            [.. names.Select((name, k) => Of(name, rows[k], covered[k], sizes[k]))]);
    }

    public static ThresholdFit Threshold(IDataView data, DecideTransformer decide, ThresholdGoal? goal, HeldOutColumns columns)
    {
        if (decide.Costs is not null || decide.Thresholds.Count > 1 || (decide.Thresholds.Count == 1 && decide.MinimumConfidence > 0))
        {
            throw new ArgumentException(
                "The decision is by costs or has several thresholds; one threshold, or a minimum confidence, can be evaluated.",
                nameof(decide));
        }

        var (probabilities, classCount) = data.Schema.RequireClassScores(columns.Score);
        var positive = decide.Thresholds.Keys.FirstOrDefault() is { } name
            ? ClassLabels.IndexOf(probabilities, classCount, name) : (int?)null;
        var rows = new ThresholdRows(classCount, positive);
        HeldOutRows.Read(data, columns, probabilities, classCount, rows.Add);
        return rows.Evaluate(
            positive is null ? decide.MinimumConfidence : decide.Thresholds.Values.Single(),
            goal ?? decide.Calibration?.Goal ?? (positive is null ? ThresholdGoal.Precision(1) : ThresholdGoal.FBeta()));
    }

    private static ClassPredictionSets Of(string name, long rows, long covered, long size)
    {
        var coverage = (double)covered / rows;
        return new(name, rows, coverage, ConfidenceInterval.OfShare(coverage, rows), (double)size / rows);
    }
}
