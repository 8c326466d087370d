namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Formats the numbers of charts and reports: the same in every culture, and never rounded to a certainty.</summary>
internal static class NumberText
{
    /// <summary>The text for an undefined figure.</summary>
    public const string Missing = "–";

    public static string Decimal(double value, int decimals = 4) =>
        Special(value) ?? Unsigned(value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));

    /// <summary>A fraction as a percentage. Only 0 reads as 0% and only 1 as 100%: 0.99999 reads "&gt;99.9%".</summary>
    public static string Percent(double fraction, int decimals = 1) =>
        Special(fraction) ?? (fraction is 0 or 1 ? Decimal(fraction * 100, 0) : Uncertain(fraction, 100, decimals)) + "%";

    /// <summary>A probability. Only 0 reads as 0 and only 1 as 1: 0.9999999 reads "&gt;0.9999".</summary>
    public static string Probability(double value, int decimals = 4) => Uncertain(value, 1, decimals);

    /// <summary>A count of rows, or a sum of their weights.</summary>
    public static string Count(double count) =>
        Special(count) ?? count.ToString(count == Math.Floor(count) ? "N0" : "N1", CultureInfo.InvariantCulture);

    /// <summary>A count in at most five characters: 999, 1.2k, 34k, 5.6M.</summary>
    public static string CompactCount(double count)
    {
        if (Special(count) is { } special)
            return special;
        if (Math.Round(count) < 1000)
            return count is > 0 and < 1 ? "<1" : Decimal(count, 0);
        string[] suffixes = ["", "k", "M", "G", "T", "P", "E"];
        int power = 0;
        double scaled = count;
        while (power < suffixes.Length - 1 && Math.Round(scaled, scaled < 10 ? 1 : 0) >= 1000 || power == 0)
        {
            scaled /= 1000;
            power++;
        }

        return scaled.ToString(Math.Round(scaled, 1) < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + suffixes[power];
    }

    /// <summary>The number that identifies a row: without separators, so that it can be searched for.</summary>
    public static string RowId(ulong id) => id.ToString(CultureInfo.InvariantCulture);

    public static string Interval(string lower, string upper) => lower + " to " + upper;

    /// <summary>A tick of an axis, with as many decimals as its step needs.</summary>
    public static string Tick(double value, double step)
    {
        if (Special(value) is { } special)
            return special;
        int decimals = 0;
        for (double rest = Math.Abs(step); decimals < 12 && Math.Abs(rest - Math.Round(rest)) > 1e-6; rest *= 10)
            decimals++;
        string format = Math.Abs(value) >= 10_000 ? "N" : "F";
        return value.ToString(format + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    public static string PercentTick(double fraction, double step) => Special(fraction) ?? Tick(fraction * 100, step * 100) + "%";

    /// <summary>A length or position in a drawing.</summary>
    public static string Coordinate(double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentOutOfRangeException(nameof(value), value, "A drawing has no place for a coordinate that is not finite.");
        return Unsigned(value.ToString("0.##", CultureInfo.InvariantCulture));
    }

    /// <summary>A fraction of a whole, never rounded to 0 or to the whole.</summary>
    private static string Uncertain(double fraction, double whole, int decimals)
    {
        string text = Decimal(fraction * whole, decimals);
        double smallest = Math.Pow(10, -decimals);
        return fraction is > 0 and < 1 && text == Decimal(whole, decimals) ? ">" + Decimal(whole - smallest, decimals)
            : fraction > 0 && text == Decimal(0, decimals) ? "<" + Decimal(smallest, decimals)
            : text;
    }

    private static string? Special(double value) =>
        double.IsNaN(value) ? Missing : double.IsPositiveInfinity(value) ? "∞" : double.IsNegativeInfinity(value) ? "-∞" : null;

    /// <summary>Removes the sign of a negative number that was rounded to zero.</summary>
    private static string Unsigned(string text) => text.StartsWith('-') && text.AsSpan(1).IndexOfAnyExcept('0', '.') < 0 ? text[1..] : text;
}
