using System.Globalization;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>A list of numbers in a field of text, as Python writes it: [0.25, 0.75], [0.25 0.75] or (0.25, 0.75).</summary>
internal static class NumberList
{
    private const string Separators = ", \r\n\t";

    public static bool Is(string field) => field is ['[', .., ']'] or ['(', .., ')'];

    public static int Count(ReadOnlySpan<char> field)
    {
        var count = 0;
        foreach (var part in field[1..^1].SplitAny(Separators))
            count += part.Start.Value == part.End.Value ? 0 : 1;
        return count;
    }

    /// <summary>False unless the field is a list of as many numbers as the destination.</summary>
    public static bool TryRead(ReadOnlySpan<char> field, Span<float> destination)
    {
        if (!Is(field.ToString()))
            return false;
        var numbers = field[1..^1];
        var count = 0;
        foreach (var part in numbers.SplitAny(Separators))
        {
            var text = numbers[part];
            if (text.IsEmpty)
                continue;
            if (count == destination.Length || !float.TryParse(text, CultureInfo.InvariantCulture, out destination[count++]))
                return false;
        }

        return count == destination.Length;
    }
}
