using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>
/// The confusion matrix as shades: a row for each actual class, a column for each predicted class, each cell shaded by its share of
/// the actual class's rows. Few classes have their counts written into the cells; of many, only some names fit.
/// </summary>
internal sealed class ConfusionHeatMap(string title, IReadOnlyList<string> classNames, Func<int, int, double> count) : Chart(title)
{
    private const int MostClassesWithHints = 50;
    private const double LegendHeight = 58;

    private readonly HeatMapLayout _layout = HeatMapLayout.For(classNames);
    private readonly double[] _rowSums =
        [.. classNames.Select((_, actual) => Enumerable.Range(0, classNames.Count).Sum(predicted => count(actual, predicted)))];

    public override string Description => Summary();

    protected override double Height => _layout.Bottom + LegendHeight;

    protected override void Draw(SvgCanvas canvas)
    {
        if (classNames.Count == 0)
        {
            NoRows(canvas, Width / 2, _layout.Top + _layout.Cell / 2);
            return;
        }

        DrawNames(canvas);
        if (classNames.Count <= MostClassesWithHints)
            DrawCells(canvas);
        else
            DrawShades(canvas);
        canvas.Rectangle(_layout.Left, _layout.Top, _layout.Side, _layout.Side, "frame");
        HeatMapLegend.Draw(canvas, Math.Min(_layout.Left, Width - HeatMapLegend.Width), _layout.Bottom + 18);
    }

    private double Share(int actual, int predicted) => _rowSums[actual] > 0 ? count(actual, predicted) / _rowSums[actual] : 0;

    private void DrawNames(SvgCanvas canvas)
    {
        canvas.Text("actual ↓", _layout.Left - 8, _layout.Top - 12, "axis-title", TextAnchor.End);
        canvas.Text("predicted →", _layout.Left, 14, "axis-title");
        for (int i = 0; i < classNames.Count; i += _layout.NameStride)
        {
            double middle = (i + 0.5) * _layout.Cell;
            string name = classNames[i];
            canvas.Text(ChartLabel.Fit(name, _layout.RowNameRoom), _layout.Left - 8, _layout.Top + middle + 4, "name", TextAnchor.End,
                hint: name);
            if (_layout.AreColumnNamesLevel)
                canvas.Text(name, _layout.Left + middle, _layout.Top - 6, "name", TextAnchor.Middle);
            else
                canvas.UpwardText(ChartLabel.Fit(name, _layout.ColumnNameRoom), _layout.Left + middle + 4, _layout.Top - 6, "name",
                    hint: name);
        }
    }

    private void DrawCells(SvgCanvas canvas)
    {
        for (int actual = 0; actual < classNames.Count; actual++)
        {
            for (int predicted = 0; predicted < classNames.Count; predicted++)
            {
                double rows = count(actual, predicted), share = Share(actual, predicted);
                int level = HeatLevels.Of(share);
                double x = _layout.Left + predicted * _layout.Cell, y = _layout.Top + actual * _layout.Cell;
                if (level > 0 || _layout.HasCounts)
                {
                    string hint = $"{Count(rows)} of {classNames[actual]} predicted as {classNames[predicted]} ({Percent(share)})";
                    string outline = actual == predicted && _layout.Cell >= 8 ? " right" : "";
                    canvas.Rectangle(x + 0.5, y + 0.5, _layout.Cell - 1, _layout.Cell - 1, $"heat{level}{outline}", hint);
                }

                if (_layout.HasCounts && rows != 0)
                    DrawFigures(canvas, x + _layout.Cell / 2, y + _layout.Cell / 2, rows, share, level);
            }
        }
    }

    private void DrawFigures(SvgCanvas canvas, double x, double y, double rows, double share, int level)
    {
        string style = level >= 6 ? "cell strong" : "cell";
        canvas.Text(CompactCount(rows), x, _layout.HasShares ? y - 2 : y + 3.5, style, TextAnchor.Middle);
        if (_layout.HasShares)
            canvas.Text(Percent(share), x, y + 13, style, TextAnchor.Middle);
    }

    /// <summary>One path for each shade: a hundred classes have ten thousand cells.</summary>
    private void DrawShades(SvgCanvas canvas)
    {
        var paths = new System.Text.StringBuilder[HeatLevels.Count];
        string cell = Coordinate(_layout.Cell);
        for (int actual = 0; actual < classNames.Count; actual++)
        {
            for (int predicted = 0; predicted < classNames.Count; predicted++)
            {
                int level = HeatLevels.Of(Share(actual, predicted));
                if (level == 0)
                    continue;
                string x = Coordinate(_layout.Left + predicted * _layout.Cell), y = Coordinate(_layout.Top + actual * _layout.Cell);
                (paths[level] ??= new()).Append($"M{x} {y}h{cell}v{cell}h-{cell}z");
            }
        }

        for (int level = 1; level < paths.Length; level++)
            canvas.Path(paths[level]?.ToString() ?? "", "heat" + Count(level));
    }

    private string Summary()
    {
        var largest = from actual in Enumerable.Range(0, classNames.Count)
                      from predicted in Enumerable.Range(0, classNames.Count)
                      let rows = count(actual, predicted)
                      where actual != predicted && rows > 0
                      orderby rows descending
                      select $"{Count(rows)} of {classNames[actual]} predicted as {classNames[predicted]}";
        string confusions = string.Join("; ", largest.Take(3));
        if (classNames.Count == 0)
            return NothingToShow;
        return $"{Count(classNames.Count)} classes. "
            + (confusions.Length == 0 ? "Nothing was confused." : $"Most frequent confusions: {confusions}.");
    }
}

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

/// <summary>
/// The steps of shade in a heat map. They are finer where shares are small, so that a confusion of two rows in a hundred
/// does not look like none.
/// </summary>
internal static class HeatLevels
{
    /// <summary>Where one shade ends and the next begins. Level 0 is for nothing at all.</summary>
    public static readonly IReadOnlyList<double> Limits = [0, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75];

    public static int Count => Limits.Count + 1;

    /// <summary>The level of a share: 0 for exactly none (or an undefined share), up to 8 for more than three quarters.</summary>
    public static int Of(double share) => Limits.Count(limit => share > limit);
}

/// <summary>The shades of a heat map with the shares that they stand for.</summary>
internal static class HeatMapLegend
{
    private const double Swatch = 32;

    /// <summary>The swatches and the half of the last limit that stands out beyond them.</summary>
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
