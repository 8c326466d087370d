namespace MLNet.Softmax.Transforms;

/// <summary>Tells probabilities from logits by looking at a few rows: the rule of <see cref="ScoreKind.Auto"/>.</summary>
internal static class ScoreKindDetection
{
    /// <summary>No more rows are looked at: computing the scores of an image is slow.</summary>
    public const int MaximumRows = 64;

    /// <summary>Fewer rows are no evidence of probabilities.</summary>
    public const int MinimumRows = 8;

    private const double SumTolerance = 1e-3;

    /// <summary>
    /// What <paramref name="scores"/>, a column of <paramref name="data"/>, holds: <paramref name="requested"/>, unless that is Auto.
    /// </summary>
    public static ScoreKind Resolve(
        ScoreKind requested, IHostEnvironment environment, string step, IDataView data, DataViewSchema.Column scores)
    {
        if (requested != ScoreKind.Auto) return requested;
        var (rows, probabilities) = Inspect(data, scores);
        var kind = probabilities && rows >= MinimumRows ? ScoreKind.Probabilities : ScoreKind.Logits;
        Report(environment, step, scores.Name, rows, probabilities, kind);
        return kind;
    }

    private static (int Rows, bool Probabilities) Inspect(IDataView data, DataViewSchema.Column scores)
    {
        var axis = ClassAxis.Of((VectorDataViewType)scores.Type);
        using var cursor = data.GetRowCursor([scores]);
        var getter = cursor.GetGetter<VBuffer<float>>(scores);
        VBuffer<float> buffer = default;
        var dense = Array.Empty<float>();
        var rows = 0;
        for (var seen = 0; seen < MaximumRows && cursor.MoveNext(); seen++)
        {
            getter(ref buffer);
            var row = DenseValues.Of(buffer, ref dense);
            if (row.IsEmpty || float.IsNaN(TensorPrimitives.Max(row))) continue;
            if (!AreProbabilities(row, axis.ClassCount(row.Length))) return (rows + 1, false);
            rows++;
        }

        return (rows, true);
    }

    private static bool AreProbabilities(ReadOnlySpan<float> row, int classCount)
    {
        for (var start = 0; start < row.Length; start += classCount)
        {
            var sum = 0.0;
            foreach (var value in row.Slice(start, classCount))
            {
                if (value < 0) return false;
                sum += value;
            }

            if (!(Math.Abs(sum - 1) <= SumTolerance)) return false;
        }

        return true;
    }

    private static void Report(IHostEnvironment environment, string step, string column, int rows, bool probabilities, ScoreKind kind)
    {
        using var channel = environment.Start(step);
        if (kind == ScoreKind.Probabilities)
            channel.Info(MessageSensitivity.Schema, $"Column '{column}' is taken as probabilities: {rows} rows are non-negative and "
                + "sum to 1. (scoreKind: Auto)");
        else if (!probabilities)
            channel.Info(MessageSensitivity.Schema, $"Column '{column}' is taken as logits: row {rows} is negative somewhere or does "
                + "not sum to 1. (scoreKind: Auto)");
        else
        {
            channel.Warning(MessageSensitivity.Schema, $"Column '{column}' is taken as logits, " + (rows > 0
                ? $"but all {rows} rows that could be looked at are non-negative and sum to 1, as probabilities do, and {MinimumRows} "
                    + "rows are "
                    + "needed to tell. If they are probabilities, the result will be too flat: fit on more rows, or say scoreKind: "
                    + "ScoreKind.Probabilities (or ScoreKind.Logits, to silence this warning)."
                : $"because there was no row to look at. Fit on at least {MinimumRows} rows, or say which it holds, with scoreKind: "
                    + "ScoreKind.Logits or ScoreKind.Probabilities."));
        }
    }
}
