using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Charts;

/// <summary>
/// The confusion matrix as shades: a row for each actual class, a column for each predicted class, each cell shaded by its share of
/// the actual class's rows. Few classes have their counts written into the cells; of many, only some names fit.
/// </summary>
internal sealed class ConfusionHeatMap(string title, IReadOnlyList<string> classNames, Func<int, int, double> count) : Chart
{
    private const int MostClassesWithHints = 50;
    private const double LegendHeight = 58;

    private readonly HeatMapLayout layout = HeatMapLayout.For(classNames);
    private readonly double[] rowSums =
        [.. classNames.Select((_, actual) => Enumerable.Range(0, classNames.Count).Sum(predicted => count(actual, predicted)))];

    public override string Title => title;

    public override string Description => Summary();

    protected override double Height => layout.Bottom + LegendHeight;

    protected override void Draw(SvgCanvas canvas)
    {
        if (classNames.Count == 0)
        {
            NoRows(canvas, Width / 2, layout.Top + layout.Cell / 2);
            return;
        }

        DrawNames(canvas);
        if (classNames.Count <= MostClassesWithHints)
            DrawCells(canvas);
        else
            DrawShades(canvas);
        canvas.Rectangle(layout.Left, layout.Top, layout.Side, layout.Side, "frame");
        HeatMapLegend.Draw(canvas, Math.Min(layout.Left, Width - HeatMapLegend.Width), layout.Bottom + 18);
    }

    private double Share(int actual, int predicted) => rowSums[actual] > 0 ? count(actual, predicted) / rowSums[actual] : 0;

    private void DrawNames(SvgCanvas canvas)
    {
        canvas.Text("actual ↓", layout.Left - 8, layout.Top - 12, "axis-title", TextAnchor.End);
        canvas.Text("predicted →", layout.Left, 14, "axis-title");
        for (int i = 0; i < classNames.Count; i += layout.NameStride)
        {
            double middle = (i + 0.5) * layout.Cell;
            string name = classNames[i];
            canvas.Text(ChartLabel.Fit(name, layout.RowNameRoom), layout.Left - 8, layout.Top + middle + 4, "name", TextAnchor.End, hint: name);
            if (layout.AreColumnNamesLevel)
                canvas.Text(name, layout.Left + middle, layout.Top - 6, "name", TextAnchor.Middle);
            else
                canvas.UpwardText(ChartLabel.Fit(name, layout.ColumnNameRoom), layout.Left + middle + 4, layout.Top - 6, "name", hint: name);
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
                double x = layout.Left + predicted * layout.Cell, y = layout.Top + actual * layout.Cell;
                if (level > 0 || layout.HasCounts)
                {
                    string hint = $"{Count(rows)} of {classNames[actual]} predicted as {classNames[predicted]} ({Percent(share)})";
                    string outline = actual == predicted && layout.Cell >= 8 ? " right" : "";
                    canvas.Rectangle(x + 0.5, y + 0.5, layout.Cell - 1, layout.Cell - 1, $"heat{level}{outline}", hint);
                }

                if (layout.HasCounts && rows != 0)
                    DrawFigures(canvas, x + layout.Cell / 2, y + layout.Cell / 2, rows, share, level);
            }
        }
    }

    private void DrawFigures(SvgCanvas canvas, double x, double y, double rows, double share, int level)
    {
        string style = level >= 6 ? "cell strong" : "cell";
        if (layout.HasShares)
        {
            canvas.Text(CompactCount(rows), x, y - 2, style, TextAnchor.Middle);
            canvas.Text(Percent(share), x, y + 13, style, TextAnchor.Middle);
        }
        else
        {
            canvas.Text(CompactCount(rows), x, y + 3.5, style, TextAnchor.Middle);
        }
    }

    /// <summary>One path for each shade: a hundred classes have ten thousand cells.</summary>
    private void DrawShades(SvgCanvas canvas)
    {
        var paths = new System.Text.StringBuilder[HeatLevels.Count];
        string cell = Coordinate(layout.Cell);
        for (int actual = 0; actual < classNames.Count; actual++)
        {
            for (int predicted = 0; predicted < classNames.Count; predicted++)
            {
                int level = HeatLevels.Of(Share(actual, predicted));
                if (level == 0)
                    continue;
                string x = Coordinate(layout.Left + predicted * layout.Cell), y = Coordinate(layout.Top + actual * layout.Cell);
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
