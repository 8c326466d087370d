namespace MLNet.Softmax.Charts;

/// <summary>The style sheet that every page with charts carries: colours for light and dark, and how the shapes look.</summary>
internal static class ChartStyle
{
    /// <summary>The class of the element around the charts; the colours are defined on it.</summary>
    public const string RootClass = "softmax-report";

    public static string Sheet { get; } = StyleSheet.Read("charts.css");
}
