using System.Text.RegularExpressions;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>The style sheets of the charts: colours for light and dark, and how the shapes look.</summary>
internal static partial class ChartStyle
{
    /// <summary>The class of the element around the charts of a page; the colours are defined on it.</summary>
    public const string RootClass = "softmax-report";

    public const string FontFamily =
        "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

    private static readonly string Rules;
    private static readonly Dictionary<string, (string Light, string Dark)> Colours;

    static ChartStyle()
    {
        Sheet = StyleSheet.Read("charts.css");
        Colours = Colour().Matches(Sheet).ToDictionary(
            match => match.Groups["name"].Value, match => (match.Groups["light"].Value, match.Groups["dark"].Value));
        Rules = Sheet[(Sheet.IndexOf('}', StringComparison.Ordinal) + 2)..];
    }

    /// <summary>The style sheet for a page. It applies inside elements of the class <see cref="RootClass"/>.</summary>
    public static string Sheet { get; }

    /// <summary>
    /// The style sheet for a standalone drawing, with literal colours: many programs other than browsers ignore CSS variables. In a page,
    /// the rules of one drawing apply to all, so each theme has its own class.
    /// </summary>
    public static string DocumentSheet(ChartTheme theme)
    {
        string rules = ColouredProperty().Replace(Rules, match =>
        {
            var (light, dark) = Colours[match.Groups["colour"].Value];
            string property = match.Groups["property"].Value;
            return theme switch
            {
                ChartTheme.Light => $"{property}: {light};",
                ChartTheme.Dark => $"{property}: {dark};",
                // Programs that do not support light-dark() ignore the second declaration.
                _ => $"{property}: {light}; {property}: light-dark({light}, {dark});",
            };
        });
        if (theme != ChartTheme.Automatic)
            rules = ColourScheme().Replace(rules, "");
        return EitherClass().Replace(rules, "." + DocumentClass(theme));
    }

    public static string DocumentClass(ChartTheme theme) => theme switch
    {
        ChartTheme.Light => "softmax-chart-light",
        ChartTheme.Dark => "softmax-chart-dark",
        _ => "softmax-chart-automatic",
    };

    [GeneratedRegex("--(?<name>[a-z0-9]+): light-dark\\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\\)")]
    private static partial Regex Colour();

    [GeneratedRegex(@"(?<property>[a-z-]+): var\(--(?<colour>[a-z0-9]+)\);")]
    private static partial Regex ColouredProperty();

    [GeneratedRegex("^.*color-scheme:.*\n", RegexOptions.Multiline)]
    private static partial Regex ColourScheme();

    [GeneratedRegex(@"\.softmax-(report|chart)\b")]
    private static partial Regex EitherClass();
}

/// <summary>Reads the style sheets that are embedded into the assembly.</summary>
internal static class StyleSheet
{
    public static string Read(string name)
    {
        using var stream = typeof(StyleSheet).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly was built without its style sheet {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
