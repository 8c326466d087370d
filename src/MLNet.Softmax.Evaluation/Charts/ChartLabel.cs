using System.Text;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Estimates the width of text without a browser, closely enough to keep labels inside their space.</summary>
internal static class ChartLabel
{
    /// <summary>Height of the text in a chart, in the drawing's units.</summary>
    public const double FontSize = 11.5;

    /// <summary>An upper estimate of the width of <paramref name="text"/> in a common sans-serif face.</summary>
    public static double Width(string text, double fontSize = FontSize)
    {
        double width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += WidthInEms(rune);
        return width * fontSize;
    }

    /// <summary>The text, or as much of it as fits followed by an ellipsis. Never splits a character.</summary>
    public static string Fit(string text, double width, double fontSize = FontSize)
    {
        if (Width(text, fontSize) <= width)
            return text;
        var kept = new StringBuilder();
        double rest = width - Width("…", fontSize);
        foreach (string element in Graphemes(text))
        {
            rest -= Width(element, fontSize);
            if (rest < 0)
                break;
            kept.Append(element);
        }

        return kept.ToString().TrimEnd() + "…";
    }

    private static IEnumerable<string> Graphemes(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            yield return elements.GetTextElement();
    }

    private static double WidthInEms(Rune rune) => rune.Value switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.32,
        'f' or 't' or 'r' or ' ' or '(' or ')' or '-' or '/' or '1' => 0.45,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 0.95,
        >= 'A' and <= 'Z' => 0.72,
        < 0x1100 => 0.6,
        _ => 1.0,
    };
}
