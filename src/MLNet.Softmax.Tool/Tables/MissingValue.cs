namespace MLNet.Softmax.Tool.Tables;

/// <summary>How pandas, R, SQL and spreadsheets write that a value is missing.</summary>
internal static class MissingValue
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Texts =
        new HashSet<string>(["", "na", "n/a", "#n/a", "<na>", "nan", "none", "null", "?"], StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Is(ReadOnlySpan<char> text) => Texts.Contains(text);
}
