using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Where a heat map's cells and names go, so that everything fits into the width of a chart for any number of classes.</summary>
internal sealed record HeatMapLayout(
    double Left, double Top, double Cell, int ClassCount, double RowNameRoom, double ColumnNameRoom, bool AreColumnNamesLevel)
{
    private const double Margin = 8, LargestCell = 84, NamePitch = 13, WidestRowName = 104, LongestColumnName = 88, TitleRoom = 24;

    private static readonly int[] RoundStrides = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000];

    public double Side => Cell * ClassCount;

    public double Bottom => Top + Side;

    /// <summary>Whether the cells are large enough for counts.</summary>
    public bool HasCounts => Cell >= 24;

    /// <summary>Whether the cells are large enough for shares too, on a second line.</summary>
    public bool HasShares => Cell >= 44;

    /// <summary>N, if the name of every Nth class is written.</summary>
    public int NameStride => Array.Find(RoundStrides, stride => stride * Cell >= NamePitch) is > 0 and int stride ? stride : ClassCount;

    public static HeatMapLayout For(IReadOnlyList<string> classNames)
    {
        int classes = Math.Max(1, classNames.Count);
        double longest = classNames.Select(name => ChartLabel.Width(name)).DefaultIfEmpty(0).Max();
        double rowNames = Math.Clamp(longest, ChartLabel.Width("actual ↓"), WidestRowName);
        double left = Margin + rowNames + 8;
        double cell = Math.Min(LargestCell, (Chart.DrawingWidth - left - Margin) / classes);
        left += Math.Max(0, Chart.DrawingWidth - left - Margin - cell * classes) / 2;
        bool areLevel = longest <= cell - 4;
        double columnNames = areLevel ? ChartLabel.FontSize : Math.Min(longest, LongestColumnName);
        return new HeatMapLayout(left, TitleRoom + columnNames + 8, cell, classNames.Count, rowNames, columnNames, areLevel);
    }
}

/// <summary>
/// The steps of shade in a heat map. They are finer for small shares, so that two confused rows in a hundred are visible.
/// </summary>
internal static class HeatLevels
{
    /// <summary>Where one shade ends and the next begins. Level 0 means exactly 0.</summary>
    public static readonly IReadOnlyList<double> Limits = [0, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75];

    public static int Count => Limits.Count + 1;

    /// <summary>The level of a share: 0 for exactly none (or an undefined share), up to 8 for more than three quarters.</summary>
    public static int Of(double share) => Limits.Count(limit => share > limit);
}

/// <summary>The shades of a heat map with the shares that they represent.</summary>
internal static class HeatMapLegend
{
    private const double Swatch = 32;

    /// <summary>The swatches, plus the half of the last label that extends beyond them.</summary>
    public const double Width = Swatch * 8 + 18;

    public static void Draw(SvgCanvas canvas, double x, double y)
    {
        for (int level = 1; level < HeatLevels.Count; level++)
        {
            double left = x + (level - 1) * Swatch;
            canvas.Rectangle(left, y, Swatch, 9, $"heat{Tick(level, 1)}");
            var anchor = level == 1 ? TextAnchor.Start : TextAnchor.Middle;
            canvas.Text(PercentTick(HeatLevels.Limits[level - 1], 0.01), left, y + 21, "legend", anchor);
        }

        canvas.Text("100%", x + Swatch * 8, y + 21, "legend", TextAnchor.Middle);
        canvas.Text("share of the actual class's rows", x, y + 36, "legend");
    }
}
