using System.Globalization;
using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MulticlassEvaluation.Scores;

/// <summary>What the scores of a row must be.</summary>
internal sealed class ScoreRules(ScoreKind kind)
{
    private const string Hint = "; for raw scores say --score-kind logits";

    /// <summary>Whether the row defines a distribution at all: no NaN, no +infinity, and some score above -infinity.</summary>
    public static bool IsUsable(ReadOnlySpan<float> scores) =>
        !scores.ContainsAny(float.NaN, float.PositiveInfinity) && scores.ContainsAnyExcept(float.NegativeInfinity);

    /// <summary>What is wrong with a usable row, and in which class where it is in one; null for nothing.</summary>
    public (int? Class, string Text)? Problem(ReadOnlySpan<float> scores)
    {
        if (kind == ScoreKind.Logits || ProbabilityRow.IsDistribution(scores))
            return null;
        int outside = scores.IndexOfAnyExceptInRange(0f, 1 + ProbabilityBlock.Tolerance);
        if (outside >= 0)
            return (outside, $"{Text(scores[outside])} is no probability" + Hint);
        return (null, $"the probabilities sum to {Text(TensorPrimitives.Sum(scores))}, not to 1" + Hint);
    }

    private static string Text(float value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
