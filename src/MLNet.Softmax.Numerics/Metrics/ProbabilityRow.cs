using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The kind of values in a row of scores.</summary>
public enum ProbabilityRowKind
{
    /// <summary>No negative value, and a sum of 1 within rounding: see <see cref="ProbabilityRow"/>.</summary>
    Probabilities,

    /// <summary>Contains NaN or positive infinity, or negative infinity among values that are not log-probabilities.</summary>
    NotFinite,

    /// <summary>No value above 0, and the exponentials sum to 1.</summary>
    LogProbabilities,

    /// <summary>Values from 0 to 1 whose sum is not 1, for example of independent (one-versus-all) classifiers.</summary>
    IndependentProbabilities,

    /// <summary>Anything else: negative values or values above 1, like raw scores.</summary>
    Logits,

    /// <summary>No negative value, and a sum of 100 within rounding.</summary>
    Percentages,
}

/// <summary>Distinguishes probabilities from other scores, with one rule for the whole library.</summary>
/// <remarks>
/// The sum of a row counts as 1 if it is within <see cref="ProbabilityBlock.Tolerance"/> of 1, or if rounding explains the difference: if
/// all values have at most d decimals, each was at most 10^-d / 2 larger before rounding, and each that is not 0 at most as much smaller.
/// Rounding never explains a difference of more than one half. The same holds for percentages, with 100 instead of 1.
/// </remarks>
public static class ProbabilityRow
{
    private const double ExactWithin = 1e-5;

    private const int MostDecimals = 6;

    /// <summary>Determines the kind of a row of scores.</summary>
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
    /// True if no value is negative and they sum to 1, within <see cref="ProbabilityBlock.Tolerance"/> or within the rounding of the values
    /// to a few decimals; false for an empty row and for a row with NaN or an infinity.
    /// </returns>
    public static bool IsDistribution(ReadOnlySpan<float> scores) => IsDistribution(scores, out _);

    /// <summary>Divides a row of probabilities by its sum, unless that is 1 within 1e-5.</summary>
    /// <param name="probabilities">A row for which <see cref="IsDistribution(ReadOnlySpan{float})"/> holds.</param>
    /// <returns>The difference of the sum from 1; 0 if the row was not changed.</returns>
    public static double Renormalize(Span<float> probabilities) => Renormalize(probabilities, SumUnlessNegative(probabilities));

    internal static bool IsDistribution(ReadOnlySpan<float> scores, out float sum)
    {
        // No value is below 0, so a sum of 1 excludes an infinity. NaN is not within any tolerance.
        sum = SumUnlessNegative(scores);
        return !scores.IsEmpty && SumsTo(1, scores, sum);
    }

    internal static double Renormalize(Span<float> probabilities, float sum)
    {
        if (IsExact(sum))
            return 0;
        TensorPrimitives.Divide(probabilities, sum, probabilities);
        return Math.Abs(sum - 1.0);
    }

    /// <summary>Whether a sum is as close to 1 as single precision allows; such a row is not changed.</summary>
    internal static bool IsExact(float sum) => Math.Abs(sum - 1.0) <= ExactWithin;

    /// <summary>The sum of the values; NaN if one of them is negative or NaN.</summary>
    private static float SumUnlessNegative(ReadOnlySpan<float> scores)
    {
        if (!RowLanes.ArePossible(scores.Length))
        {
            var sum = 0.0;
            foreach (var score in scores)
                sum += score >= 0 ? score : float.NaN;
            return (float)sum;
        }

        // In double precision, because single precision is not exact enough for many small values.
        var (lowerSums, upperSums) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var lowest = Vector256<float>.Zero;
        for (var start = 0; start < scores.Length; start += RowLanes.Width)
        {
            var values = start <= scores.Length - RowLanes.Width ? RowLanes.Load(scores, start) : RowLanes.LoadTail(scores, start);
            lowest = Vector256.MinNative(lowest, values);
            var (lower, upper) = Vector256.Widen(values);
            lowerSums += lower;
            upperSums += upper;
        }

        return Vector256.LessThanAny(lowest, Vector256<float>.Zero) ? float.NaN : (float)Vector256.Sum(lowerSums + upperSums);
    }

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

    /// <summary>10^-d for the smallest number of decimals d that all values have; null if that does not indicate rounding.</summary>
    private static double? RoundedTo(ReadOnlySpan<float> scores, double whole)
    {
        // Only zeros and ones: these are not probabilities rounded to whole numbers.
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
            // The distance of a float from a number with few decimals, and a little more.
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
