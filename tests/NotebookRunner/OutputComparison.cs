using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookRunner;

/// <summary>Compares stored outputs with fresh ones: the same text, with figures that agree within a tolerance.</summary>
internal static partial class OutputComparison
{
    /// <summary>Sums in another order on another processor move a trained model's last digits; more than this is a change.</summary>
    private const double RelativeTolerance = 0.02, AbsoluteTolerance = 0.0051;

    /// <summary>Null when they agree; else what differs.</summary>
    public static string? Difference(IReadOnlyList<CellOutput> stored, IReadOnlyList<CellOutput> fresh)
    {
        if (stored.Count != fresh.Count)
            return $"{stored.Count} outputs are stored, {fresh.Count} came out";
        for (int i = 0; i < stored.Count; i++)
        {
            if (stored[i].MediaType != fresh[i].MediaType || stored[i].IsPrinted != fresh[i].IsPrinted)
                return $"output {i + 1} is stored as {stored[i].MediaType}, {fresh[i].MediaType} came out";
            if (Difference(stored[i].Text, fresh[i].Text) is { } difference)
                return difference;
        }

        return null;
    }

    private static string? Difference(string stored, string fresh)
    {
        if (Skeleton(stored) != Skeleton(fresh))
            return $"stored:\n{stored.TrimEnd()}\nfresh:\n{fresh.TrimEnd()}";
        foreach (var (before, after) in Numbers(stored).Zip(Numbers(fresh)))
        {
            if (Math.Abs(before - after) > AbsoluteTolerance + RelativeTolerance * Math.Abs(before))
                return string.Create(
                    CultureInfo.InvariantCulture, $"the figure {before} is stored, {after} came out, in:\n{fresh.TrimEnd()}");
        }

        return null;
    }

    /// <summary>The text with its figures taken out; padding goes too, for a figure's width may change with its last digit.</summary>
    public static string Skeleton(string text) => Space().Replace(Number().Replace(text, "#"), " ").Trim();

    private static IEnumerable<double> Numbers(string text) =>
        Number().Matches(text).Select(match => double.Parse(match.ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<![\w.])-?\d+(\.\d+)?([eE][-+]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
