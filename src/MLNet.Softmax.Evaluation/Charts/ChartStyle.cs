namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>The style sheet that every page with charts carries: colours for light and dark, and how the shapes look.</summary>
internal static class ChartStyle
{
    /// <summary>The class of the element around the charts; the colours are defined on it.</summary>
    public const string RootClass = "softmax-report";

    public static string Sheet { get; } = StyleSheet.Read("charts.css");
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
