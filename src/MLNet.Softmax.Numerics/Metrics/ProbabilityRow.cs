using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>What a row of scores looks like.</summary>
public enum ProbabilityRowKind
{
    /// <summary>Finite values from 0 to 1 that sum to 1, within <see cref="ProbabilityBlock.Tolerance"/>.</summary>
    Probabilities,

    /// <summary>NaN or positive infinity among the values, or negative infinity among values that are no log-probabilities.</summary>
    NotFinite,

    /// <summary>No value above 0, and the exponentials sum to 1.</summary>
    LogProbabilities,

    /// <summary>Values from 0 to 1 that do not sum to 1, as of independent (one-against-rest) classifiers.</summary>
    IndependentProbabilities,

    /// <summary>Anything else: negative values or values above 1, as raw scores have them.</summary>
    Logits,
}

/// <summary>Tells probabilities from what only looks like them.</summary>
public static class ProbabilityRow
{
    /// <summary>Says what a row of scores looks like.</summary>
    /// <param name="scores">One value a class.</param>
    /// <returns>The kind; an empty row is <see cref="ProbabilityRowKind.IndependentProbabilities"/>, since it sums to 0.</returns>
    public static ProbabilityRowKind Examine(ReadOnlySpan<float> scores)
    {
        if (IsDistribution(scores))
            return ProbabilityRowKind.Probabilities;
        if (scores.IsEmpty)
            return ProbabilityRowKind.IndependentProbabilities;

        var lowest = TensorPrimitives.Min(scores);
        var highest = TensorPrimitives.Max(scores);
        if (highest <= 0 && lowest < 0 && ExponentialsSumToOne(scores))
            return ProbabilityRowKind.LogProbabilities;
        if (!float.IsFinite(lowest) || !float.IsFinite(highest))
            return ProbabilityRowKind.NotFinite;
        return lowest >= 0 && highest <= 1 + ProbabilityBlock.Tolerance
            ? ProbabilityRowKind.IndependentProbabilities
            : ProbabilityRowKind.Logits;
    }

    /// <summary>Whether a row is a probability distribution.</summary>
    /// <param name="scores">One value a class.</param>
    /// <returns>
    /// Whether no value is negative and they sum to 1 within <see cref="ProbabilityBlock.Tolerance"/>; false for a row with NaN.
    /// </returns>
    public static bool IsDistribution(ReadOnlySpan<float> scores)
    {
        // With no value below 0, a sum of 1 leaves no room for a value above 1 or an infinity; NaN makes the sum NaN, which is within
        // nothing.
        // Single precision is enough: without negative values, the rounding of the sum is far below the tolerance.
        var (sum, lowest) = scores.Length < RowLanes.Width ? SumAndLowest(scores) : SumAndLowestByEight(scores);
        return lowest >= 0 && Math.Abs(sum - 1) <= ProbabilityBlock.Tolerance;
    }

    private static (float Sum, float Lowest) SumAndLowest(ReadOnlySpan<float> scores)
    {
        var (sum, lowest) = (0f, 0f);
        foreach (var score in scores)
        {
            sum += score;
            lowest = score < lowest ? score : lowest;
        }

        return (sum, lowest);
    }

    private static (float Sum, float Lowest) SumAndLowestByEight(ReadOnlySpan<float> scores)
    {
        var (sums, lowest) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var start = 0; start < scores.Length; start += RowLanes.Width)
        {
            var values = start > scores.Length - RowLanes.Width ? RowLanes.LoadTail(scores, start) : RowLanes.Load(scores, start);
            sums += values;
            lowest = Vector256.MinNative(lowest, values);
        }

        return (Vector256.Sum(sums), -RowLanes.Largest(-lowest));
    }

    private static bool ExponentialsSumToOne(ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score);
        return Math.Abs(sum - 1) <= ProbabilityBlock.Tolerance;
    }
}
