namespace MLNet.Softmax.Charts;

/// <summary>Where a heat map's cells and names go, so that everything fits into the width of a chart for any number of classes.</summary>
internal sealed record HeatMapLayout(
    double Left, double Top, double Cell, int ClassCount, double RowNameRoom, double ColumnNameRoom, bool AreColumnNamesLevel)
{
    private const double Margin = 8, LargestCell = 84, NamePitch = 13, WidestRowName = 104, LongestColumnName = 88, TitleRoom = 24;

    private static readonly int[] RoundStrides = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000];

    public double Side => Cell * ClassCount;

    public double Bottom => Top + Side;

    /// <summary>Counts stand in the cells when the cells hold them.</summary>
    public bool HasCounts => Cell >= 24;

    /// <summary>So do their shares, on a line of their own.</summary>
    public bool HasShares => Cell >= 44;

    /// <summary>Every how manieth class has its name written.</summary>
    public int NameStride => Array.Find(RoundStrides, stride => stride * Cell >= NamePitch) is > 0 and int stride ? stride : ClassCount;

    public static HeatMapLayout For(IReadOnlyList<string> classNames)
    {
        int classes = Math.Max(1, classNames.Count);
        double longest = classNames.Select(name => ChartLabel.Width(name)).DefaultIfEmpty(0).Max();
        double rowNames = Math.Clamp(longest, ChartLabel.Width("actual ↓"), WidestRowName);
        double left = Margin + rowNames + 8;
        double cell = Math.Min(LargestCell, (Chart.Width - left - Margin) / classes);
        left += Math.Max(0, Chart.Width - left - Margin - cell * classes) / 2;
        bool areLevel = longest <= cell - 4;
        double columnNames = areLevel ? ChartLabel.FontSize : Math.Min(longest, LongestColumnName);
        return new HeatMapLayout(left, TitleRoom + columnNames + 8, cell, classNames.Count, rowNames, columnNames, areLevel);
    }
}
