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
        if (_layout.HasShares)
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
