namespace MLNet.Softmax.Transforms;

/// <summary>
/// Tells probabilities from logits by looking at a few rows, with the rule of <see cref="ProbabilityRow"/>: decides for
/// <see cref="ScoreKind.Auto"/>, and rejects a kind that the rows contradict.
/// </summary>
internal static class ScoreKindDetection
{
    /// <summary>The most rows to inspect: computing the scores of an image is slow.</summary>
    public const int MaximumRows = 64;

    /// <summary>The fewest rows of probabilities that decide for <see cref="ScoreKind.Probabilities"/>.</summary>
    public const int MinimumRows = 8;

    /// <summary>The fewest rows of probabilities that contradict <see cref="ScoreKind.Logits"/>.</summary>
    public const int ContradictingRows = 3;

    /// <summary>
    /// What <paramref name="scores"/>, a column of <paramref name="data"/>, holds: <paramref name="requested"/>, unless that is Auto.
    /// </summary>
    /// <exception cref="InvalidOperationException">The rows do not decide, or contradict what was requested.</exception>
    public static ScoreKind Resolve(
        ScoreKind requested, IHostEnvironment environment, string step, IDataView data, DataViewSchema.Column scores)
    {
        var rows = LookAt(data, scores, requested == ScoreKind.Auto ? MaximumRows : MinimumRows);
        var refusal = requested switch
        {
            ScoreKind.Auto => RefuseToGuess(rows),
            ScoreKind.Logits when rows.AreProbabilities && rows.Count >= ContradictingRows =>
                $"is said to hold logits, but its first {rows.Count} rows are {rows.Description}. A softmax of probabilities would flatten "
                + "them. Use scoreKind: ScoreKind.Probabilities, or leave it to ScoreKind.Auto",
            ScoreKind.Probabilities when rows.LowestValue < 0 =>
                FormattableString.Invariant($"is said to hold probabilities, but it holds the negative value {rows.LowestValue:G4}, as ")
                + (rows.LogProbabilities == rows.Count ? "log-probabilities do. Their softmax is the probabilities: use" : "logits do. Use")
                + " scoreKind: ScoreKind.Logits, or leave it to ScoreKind.Auto",
            _ => null,
        };
        if (refusal is not null)
            throw new InvalidOperationException($"{step}: column '{scores.Name}' {FormattableString.Invariant($"{refusal}.")}");
        if (requested != ScoreKind.Auto)
            return requested;

        var kind = rows.AreProbabilities ? ScoreKind.Probabilities : ScoreKind.Logits;
        using var channel = environment.Start(step);
        channel.Info(
            MessageSensitivity.Schema, $"Column '{scores.Name}' is taken as {(kind == ScoreKind.Logits ? "logits" : "probabilities")}: the "
            + $"{rows.Count} rows looked at are {rows.Description}. (scoreKind: Auto)");
        return kind;
    }

    /// <summary>Why the rows do not decide; null if they do.</summary>
    private static string? RefuseToGuess(RowsLookedAt rows)
    {
        const string WaysOut =
            "Say what the column holds, with scoreKind: ScoreKind.Probabilities or ScoreKind.Logits, or fit on more rows";
        if (rows.Count == 0)
        {
            return "may hold probabilities or logits, and no row shows which: there is none with finite scores that are not all 0. "
                + WaysOut;
        }

        if (rows.AreProbabilities && rows.Count < MinimumRows)
        {
            return $"may hold probabilities or logits: {rows.Count} rows are {rows.Description}, and {MinimumRows} are needed to tell. "
                + WaysOut;
        }

        return !rows.AreProbabilities && rows.LowestValue >= 0 && rows.Distributions * 2 >= rows.Count
            ? $"may hold probabilities or logits: of {rows.Count} rows, {rows.Distributions} are probabilities, and the others are not "
                + "although none is negative. " + WaysOut
            : null;
    }

    private static RowsLookedAt LookAt(IDataView data, DataViewSchema.Column scores, int mostRows)
    {
        var type = (VectorDataViewType)scores.Type;
        var axis = ClassAxis.Of(type);
        using var cursor = data.GetRowCursor([scores]);
        var getter = cursor.GetGetter<VBuffer<float>>(scores);
        VBuffer<float> buffer = default;
        var dense = Array.Empty<float>();
        var rows = new RowsLookedAt();
        for (var seen = 0; seen < mostRows && cursor.MoveNext(); seen++)
        {
            getter(ref buffer);
            if (type.IsKnownSize)
                SchemaChecks.RequireLength(scores.Name, buffer.Length, "scores", type.Size);
            var values = DenseValues.Of(buffer, ref dense);
            var classCount = axis.ClassCount(values.Length);
            for (var start = 0; start < values.Length; start += classCount)
                rows.Add(values.Slice(start, classCount));
        }

        return rows;
    }

    /// <summary>What the inspected rows contain. Rows with NaN and rows of zeros, such as of an unreadable image, are ignored.</summary>
    private sealed class RowsLookedAt
    {
        private int _percentages;
        private double _largestDistance;

        public int Count { get; private set; }

        public int Distributions { get; private set; }

        public int LogProbabilities { get; private set; }

        public float LowestValue { get; private set; } = float.PositiveInfinity;

        public bool AreProbabilities => Count > 0 && (Distributions == Count || _percentages == Count);

        public string Description =>
            Count > 0 && _percentages == Count ? "non-negative and sum to 100: percentages, which are divided by their sum"
            : AreProbabilities ? "non-negative and sum to 1" + (_largestDistance > 1e-5
                ? FormattableString.Invariant($" within {_largestDistance:G2}") : "")
            : LowestValue < 0 ? "negative somewhere"
            : "not all sums of 1";

        public void Add(ReadOnlySpan<float> row)
        {
            if (row.IsEmpty || !row.ContainsAnyExcept(0f) || row.ContainsAny(float.NaN, float.PositiveInfinity))
                return;
            Count++;
            LowestValue = Math.Min(LowestValue, TensorPrimitives.Min(row));
            switch (ProbabilityRow.Examine(row))
            {
                case ProbabilityRowKind.Probabilities:
                    Distributions++;
                    _largestDistance = Math.Max(_largestDistance, Math.Abs(TensorPrimitives.Sum(row) - 1.0));
                    break;
                case ProbabilityRowKind.Percentages:
                    _percentages++;
                    break;
                case ProbabilityRowKind.LogProbabilities:
                    LogProbabilities++;
                    break;
            }
        }
    }
}
