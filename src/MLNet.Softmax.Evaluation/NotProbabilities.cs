namespace MLNet.Softmax.Evaluation;

/// <summary>Messages for rows that are not probability distributions: what they look like, and which transform to append.</summary>
internal static class NotProbabilities
{
    /// <summary>What a row of numbers looks like.</summary>
    public static string Describe(ReadOnlySpan<float> row, ulong rowId) => $"Row {rowId} does not hold probabilities: {LooksLike(row)}.";

    /// <summary>The message for a column that cannot be used to <paramref name="use"/>.</summary>
    public static string Refuse(string columnName, ReadOnlySpan<float> row, ulong rowId, string use = "evaluate")
    {
        var kind = ProbabilityRow.Examine(row);
        var scoreKind = kind is ProbabilityRowKind.IndependentProbabilities or ProbabilityRowKind.Percentages ? "Probabilities" : "Logits";
        var output = columnName == "Probability" ? "Softmax" : "Probability";
        return $"Column '{columnName}' does not hold probabilities: row {rowId} {LooksLike(row)}. "
            + $"Append mlContext.Transforms.Softmax(\"{output}\", \"{columnName}\", scoreKind: ScoreKind.{scoreKind}) to the pipeline"
            + $"{Why(kind)}, and {use} column '{output}'.";
    }

    private static string LooksLike(ReadOnlySpan<float> row)
    {
        var range = string.Create(
            CultureInfo.InvariantCulture, $"its values run from {TensorPrimitives.Min(row):G4} to {TensorPrimitives.Max(row):G4}");
        var sum = Sum(row).ToString("G4", CultureInfo.InvariantCulture);
        return ProbabilityRow.Examine(row) switch
        {
            ProbabilityRowKind.LogProbabilities => $"looks like log-probabilities ({range} and their exponentials sum to 1)",
            ProbabilityRowKind.IndependentProbabilities =>
                $"looks like independent scores, one classifier a class ({range} and sum to {sum}, not 1)",
            ProbabilityRowKind.Percentages => $"looks like percentages ({range} and sum to {sum}, not 1)",
            ProbabilityRowKind.NotFinite => "holds NaN or an infinity",
            _ => $"looks like raw scores (logits): {range} and sum to {sum}",
        };
    }

    private static string Why(ProbabilityRowKind kind) => kind switch
    {
        ProbabilityRowKind.LogProbabilities => " (the softmax of log-probabilities is the probabilities)",
        ProbabilityRowKind.IndependentProbabilities or ProbabilityRowKind.Percentages => " (each row is then divided by its sum)",
        _ => "",
    };

    private static double Sum(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var value in row)
            sum += value;
        return sum;
    }
}
