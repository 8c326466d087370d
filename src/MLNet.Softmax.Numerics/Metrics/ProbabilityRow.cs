using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>What a row of scores looks like.</summary>
public enum ProbabilityRowKind
{
    /// <summary>No negative value, and a sum of 1, as far as rounding lets it be: see <see cref="ProbabilityRow"/>.</summary>
    Probabilities,

    /// <summary>NaN or positive infinity among the values, or negative infinity among values that are no log-probabilities.</summary>
    NotFinite,

    /// <summary>No value above 0, and the exponentials sum to 1.</summary>
    LogProbabilities,

    /// <summary>Values from 0 to 1 whose sum is not 1, as of independent (one-against-rest) classifiers.</summary>
    IndependentProbabilities,

    /// <summary>Anything else: negative values or values above 1, as raw scores have them.</summary>
    Logits,

    /// <summary>No negative value, and a sum of 100, as far as rounding lets it be.</summary>
    Percentages,
}

/// <summary>The one rule that tells probabilities from what only looks like them.</summary>
/// <remarks>
/// A row's sum is taken for 1 if it is within <see cref="ProbabilityBlock.Tolerance"/> of it, or if rounding explains the difference:
/// where all values have at most d decimals, each was at most 10^-d / 2 larger before rounding, and each that is not 0 at most as much
/// smaller. A difference of more than one half is never explained. The same holds of percentages, with 100 for 1.
/// </remarks>
public static class ProbabilityRow
{
    private const double ExactWithin = 1e-5;

    private const int MostDecimals = 6;

    /// <summary>Says what a row of scores looks like.</summary>
    /// <param name="scores">One value per class.</param>
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
        if (lowest < 0)
            return ProbabilityRowKind.Logits;
        if (highest <= 1 + ProbabilityBlock.Tolerance)
            return ProbabilityRowKind.IndependentProbabilities;
        return SumsTo(100, scores, TensorPrimitives.Sum(scores)) ? ProbabilityRowKind.Percentages : ProbabilityRowKind.Logits;
    }

    /// <summary>Whether a row is a probability distribution.</summary>
    /// <param name="scores">One value per class.</param>
    /// <returns>
    /// Whether no value is negative and they sum to 1 within <see cref="ProbabilityBlock.Tolerance"/>, or within what the rounding of
    /// the values to a few decimals explains; false for an empty row and for a row with NaN or an infinity.
    /// </returns>
    public static bool IsDistribution(ReadOnlySpan<float> scores) => IsDistribution(scores, out _);

    /// <summary>Divides a row of probabilities by its sum, unless that is 1 within 1e-5.</summary>
    /// <param name="probabilities">A row for which <see cref="IsDistribution(ReadOnlySpan{float})"/> holds.</param>
    /// <returns>How far the sum was from 1; 0 if the row was left as it was.</returns>
    public static double Renormalize(Span<float> probabilities) => Renormalize(probabilities, TensorPrimitives.Sum<float>(probabilities));

    internal static bool IsDistribution(ReadOnlySpan<float> scores, out float sum)
    {
        // With no value below 0, a sum of 1 leaves no room for an infinity; NaN makes the sum NaN, which is within nothing. Single
        // precision is enough: without negative values, the rounding of the sum is far below the tolerance.
        sum = TensorPrimitives.Sum(scores);
        return !scores.IsEmpty && TensorPrimitives.Min(scores) >= 0 && SumsTo(1, scores, sum);
    }

    internal static double Renormalize(Span<float> probabilities, float sum)
    {
        if (IsExact(sum))
            return 0;
        TensorPrimitives.Divide(probabilities, sum, probabilities);
        return Math.Abs(sum - 1.0);
    }

    /// <summary>Whether a sum is as close to 1 as single precision gives it, so that a row is left as it is.</summary>
    internal static bool IsExact(float sum) => Math.Abs(sum - 1.0) <= ExactWithin;

    private static bool SumsTo(double whole, ReadOnlySpan<float> scores, double sum)
    {
        var difference = sum - whole;
        if (Math.Abs(difference) <= whole * ProbabilityBlock.Tolerance)
            return true;
        if (!(Math.Abs(difference) <= whole / 2) || TensorPrimitives.Max(scores) > whole || RoundedTo(scores, whole) is not { } step)
            return false;
        var roundedValues = difference < 0 ? scores.Length : CountAboveZero(scores);
        return Math.Abs(difference) <= (roundedValues * step / 2) + (whole * ExactWithin);
    }

    /// <summary>10^-d for the smallest number of decimals d that all values have; null where that is no sign of rounding.</summary>
    private static double? RoundedTo(ReadOnlySpan<float> scores, double whole)
    {
        // Zeros and ones alone are no probabilities rounded to a whole number.
        var decimals = whole == 1 ? 1 : 0;
        for (var scale = Math.Pow(10, decimals); decimals <= MostDecimals; decimals++, scale *= 10)
        {
            if (AreMultiples(scores, scale))
                return 1 / scale;
        }

        return null;
    }

    private static bool AreMultiples(ReadOnlySpan<float> scores, double scale)
    {
        foreach (var score in scores)
        {
            var scaled = score * scale;
            // What a float next to a number of few decimals is away from it, and a little more.
            if (Math.Abs(scaled - Math.Round(scaled)) > 1e-4 + (scaled * 1e-7))
                return false;
        }

        return true;
    }

    private static int CountAboveZero(ReadOnlySpan<float> scores)
    {
        var count = 0;
        foreach (var score in scores)
        {
            if (score > 0)
                count++;
        }

        return count;
    }

    private static bool ExponentialsSumToOne(ReadOnlySpan<float> scores)
    {
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp(score);
        return Math.Abs(sum - 1) <= ProbabilityBlock.Tolerance;
    }
}
