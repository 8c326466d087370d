using System.Text;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// A sum that tracks its own rounding error, so that the order in which partial sums are merged does not change the result.
/// </summary>
/// <remarks>
/// Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen" (1974), with Knuth's branch-free two-sum.
/// </remarks>
internal struct CompensatedSum
{
    private double _sum;
    private double _error;

    public readonly double Value => _sum + _error;

    public static double Total(ReadOnlySpan<CompensatedSum> sums)
    {
        var total = new CompensatedSum();
        foreach (ref readonly var sum in sums)
            total.Merge(sum);
        return total.Value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value)
    {
        var total = _sum + value;
        var added = total - _sum;
        _error += (_sum - (total - added)) + (value - added);
        _sum = total;
    }

    public static void Merge(Span<CompensatedSum> sums, ReadOnlySpan<CompensatedSum> others)
    {
        for (var index = 0; index < sums.Length; index++)
            sums[index].Merge(others[index]);
    }

    public void Merge(in CompensatedSum other)
    {
        Add(other._sum);
        _error += other._error;
    }
}

/// <summary>The sums from which the standard error of a weighted mean is computed, in one pass.</summary>
internal struct MeanError
{
    private double _weightSquares;
    private double _first;
    private double _second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value, double weight)
    {
        var square = weight * weight;
        _weightSquares += square;
        _first += square * value;
        _second += square * value * value;
    }

    public void Merge(in MeanError other)
    {
        _weightSquares += other._weightSquares;
        _first += other._first;
        _second += other._second;
    }

    /// <summary>sqrt(sum w^2 (x - mean)^2) / sum w, with n / (n - 1) for the effective number of rows n = (sum w)^2 / sum w^2.</summary>
    public readonly double StandardError(double mean, double weight)
    {
        var squares = Math.Max(0, _second - (2 * mean * _first) + (mean * mean * _weightSquares));
        var effective = weight * weight / _weightSquares;
        return effective > 1 ? Math.Sqrt(squares * effective / (effective - 1)) / weight : double.NaN;
    }
}

/// <summary>A range that contains the true value of a figure with a given confidence.</summary>
/// <param name="Lower">The lower bound; NaN if there is nothing to estimate it from.</param>
/// <param name="Upper">The upper bound; NaN if there is nothing to estimate it from.</param>
/// <param name="Level">The confidence, between 0 and 1; 0.95 for a 95 % interval.</param>
public readonly record struct ConfidenceInterval(double Lower, double Upper, double Level)
{
    private readonly bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Lower = {Lower}, Upper = {Upper}, Level = {Level}");
        return true;
    }

    /// <summary>Whether a value lies within the bounds, the bounds included.</summary>
    /// <param name="value">Any value; NaN lies in no interval.</param>
    /// <returns>Whether it does.</returns>
    public bool Contains(double value) => value >= Lower && value <= Upper;

    /// <summary>
    /// The interval of a mean of many rows: mean ± z · standard error. It is not limited to a range: the lower bound of a loss can be
    /// negative.
    /// </summary>
    /// <param name="mean">The mean.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds if <paramref name="standardError"/> is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public static ConfidenceInterval OfMean(double mean, double standardError, double level = 0.95)
    {
        var reach = NormalDistribution.TwoSidedQuantile(level) * standardError;
        return new ConfidenceInterval(mean - reach, mean + reach, level);
    }

    /// <summary>The interval, limited to the range of the figure.</summary>
    internal ConfidenceInterval Within(double lowest, double highest) =>
        this with { Lower = Math.Max(lowest, Lower), Upper = Math.Min(highest, Upper) };

    /// <summary>The interval, extended to a figure that the rounding of its sums may have put just outside.</summary>
    internal ConfidenceInterval Including(double figure) =>
        this with { Lower = Math.Min(Lower, figure), Upper = Math.Max(Upper, figure) };

    /// <summary>
    /// The Wilson interval of a share of rows. It stays within 0 and 1, and it is valid for few rows and for shares of 0 and 1, for which
    /// the normal approximation collapses to a point.
    /// </summary>
    /// <param name="share">The observed share, from 0 to 1.</param>
    /// <param name="count">The number of rows that the share was observed on; for weighted rows, (sum w)^2 / sum w^2.</param>
    /// <param name="level">The confidence, between 0 and 1.</param>
    /// <returns>The interval; NaN bounds if <paramref name="count"/> is not positive or <paramref name="share"/> is NaN.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    /// <remarks>Wilson, "Probable inference, the law of succession, and statistical inference" (1927).</remarks>
    public static ConfidenceInterval OfShare(double share, double count, double level = 0.95)
    {
        NormalDistribution.CheckedLevel(level);
        if (!(count > 0) || double.IsNaN(share))
            return new ConfidenceInterval(double.NaN, double.NaN, level);

        var z = NormalDistribution.TwoSidedQuantile(level);
        var squared = z * z / count;
        var centre = (share + (squared / 2)) / (1 + squared);
        var reach = z / (1 + squared) * Math.Sqrt((Math.Max(0, share * (1 - share)) / count) + (squared / (4 * count)));
        return new ConfidenceInterval(Math.Max(0, centre - reach), Math.Min(1, centre + reach), level);
    }
}

/// <summary>The standard normal distribution: its quantiles and its cumulative probabilities.</summary>
internal static class NormalDistribution
{
    /// <summary>The z for which a normal value is within (-z, z) with probability <paramref name="level"/>: 1.96 for 0.95.</summary>
    public static double TwoSidedQuantile(double level) => Quantile(0.5 + (CheckedLevel(level) / 2));

    public static double CheckedLevel(double level) => level > 0 && level < 1
        ? level
        : throw new ArgumentOutOfRangeException(nameof(level), level, "Expected a confidence level between 0 and 1, such as 0.95.");

    /// <summary>
    /// The inverse of <see cref="Cumulative"/>, accurate to 1e-12 by Newton's method.
    /// </summary>
    public static double Quantile(double probability)
    {
        if (probability <= 0)
            return double.NegativeInfinity;
        if (probability >= 1)
            return double.PositiveInfinity;
        if (probability > 0.5)
            return -Quantile(1 - probability);

        // Abramowitz and Stegun 26.2.23 gives three digits to start from.
        var t = Math.Sqrt(-2 * Math.Log(probability));
        var quantile = ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308))))))) - t;
        for (var step = 0; step < 4; step++)
            quantile -= (Cumulative(quantile) - probability) / Density(quantile);
        return quantile;
    }

    /// <summary>The probability that a normal value falls below <paramref name="value"/>.</summary>
    public static double Cumulative(double value)
    {
        if (value > 0)
            return 1 - Cumulative(-value);
        if (double.IsNegativeInfinity(value))
            return 0;
        return value > -3 ? 0.5 + (Density(value) * Series(value)) : Density(value) / ContinuedFraction(-value);
    }

    private static double Density(double value) => Math.Exp(-0.5 * value * value) / Math.Sqrt(2 * Math.PI);

    /// <summary>x + x^3/3 + x^5/15 + ... (Marsaglia 2004).</summary>
    private static double Series(double value)
    {
        double sum = value, term = value;
        for (var odd = 3; Math.Abs(term) > 1e-17 * Math.Abs(sum); odd += 2)
        {
            term *= value * value / odd;
            sum += term;
        }

        return sum;
    }

    /// <summary>x + 1/(x + 2/(x + 3/(x + ...))): Laplace's fraction for the tail.</summary>
    private static double ContinuedFraction(double value)
    {
        var fraction = value;
        for (var step = 60; step >= 1; step--)
            fraction = value + (step / fraction);
        return fraction;
    }
}
