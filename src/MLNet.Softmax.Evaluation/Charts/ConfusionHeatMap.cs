using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>
/// The confusion matrix as shades: a row for each actual class, a column for each predicted class, each cell shaded by its share of the
/// actual class's rows. With few classes, the cells show their counts; with many, only some names fit.
/// </summary>
public sealed class ConfusionHeatMap : Chart
{
    /// <summary>With more classes than this, those with the most mistakes are shown.</summary>
    internal const int MostClasses = 100;

    private const int MostClassesWithHints = 50;
    private const double LegendHeight = 58;

    private readonly string[] _classNames;
    private readonly double[,] _counts;
    private readonly HeatMapLayout _layout;
    private readonly double[] _rowSums;

    /// <summary>The heat map of an evaluation. With more than 100 classes, it shows those with the most mistakes.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    /// <exception cref="ArgumentException">The evaluation kept no confusion matrix, because there are too many classes.</exception>
    public ConfusionHeatMap(ProbabilityMetrics metrics)
        : this(KeptTable(metrics), metrics.ClassNames)
    {
    }

    /// <summary>The heat map of a confusion matrix. With more than 100 classes, it shows those with the most mistakes.</summary>
    /// <param name="table">The matrix.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <exception cref="ArgumentNullException"><paramref name="table"/> or <paramref name="classNames"/> is null.</exception>
    /// <exception cref="ArgumentException">The number of names is not the number of classes.</exception>
    public ConfusionHeatMap(ConfusionTable table, IReadOnlyList<string> classNames)
        : this(ShownCounts(table, classNames), ShownNames(table, classNames))
    {
    }

    /// <summary>The heat map of a matrix of counts.</summary>
    /// <param name="counts">
    /// A square matrix: at [actual, predicted], the number or weight of the rows of the actual class with that prediction.
    /// </param>
    /// <param name="classNames">The name of each class.</param>
    /// <exception cref="ArgumentNullException"><paramref name="counts"/> or <paramref name="classNames"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The matrix is not square, the number of names is not the number of classes, or a count is negative, NaN or infinite.
    /// </exception>
    public ConfusionHeatMap(double[,] counts, IReadOnlyList<string> classNames)
        : base("Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(counts);
        int classCount = counts.GetLength(0);
        CheckNames(classCount, classNames);
        if (counts.GetLength(1) != classCount)
        {
            throw new ArgumentException(
                $"The matrix has {classCount} rows and {counts.GetLength(1)} columns. Expected one of each per class.", nameof(counts));
        }

        (_counts, _classNames, _rowSums) = ((double[,])counts.Clone(), [.. classNames], new double[classCount]);
        for (int actual = 0; actual < classCount; actual++)
        {
            for (int predicted = 0; predicted < classCount; predicted++)
            {
                if (!(_counts[actual, predicted] is >= 0 and < double.PositiveInfinity))
                {
                    throw new ArgumentException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"The count at [{actual}, {predicted}] is {_counts[actual, predicted]}. Expected a finite number from 0."),
                        nameof(counts));
                }

                _rowSums[actual] += _counts[actual, predicted];
            }
        }

        _layout = HeatMapLayout.For(_classNames);
    }

    /// <inheritdoc/>
    public override string Description => Summary();

    private protected override double DrawingHeight => _layout.Bottom + LegendHeight;

    private protected override void Draw(SvgCanvas canvas)
    {
        if (_classNames.Length == 0)
        {
            NoRows(canvas, DrawingWidth / 2, _layout.Top + _layout.Cell / 2);
            return;
        }

        DrawNames(canvas);
        if (_classNames.Length <= MostClassesWithHints)
            DrawCells(canvas);
        else
            DrawShades(canvas);
        canvas.Rectangle(_layout.Left, _layout.Top, _layout.Side, _layout.Side, "frame");
        HeatMapLegend.Draw(canvas, Math.Min(_layout.Left, DrawingWidth - HeatMapLegend.Width), _layout.Bottom + 18);
    }

    private double Share(int actual, int predicted) => _rowSums[actual] > 0 ? _counts[actual, predicted] / _rowSums[actual] : 0;

    private void DrawNames(SvgCanvas canvas)
    {
        canvas.Text("actual ↓", _layout.Left - 8, _layout.Top - 12, "axis-title", TextAnchor.End);
        canvas.Text("predicted →", _layout.Left, 14, "axis-title");
        for (int i = 0; i < _classNames.Length; i += _layout.NameStride)
        {
            double middle = (i + 0.5) * _layout.Cell;
            string name = _classNames[i];
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
        for (int actual = 0; actual < _classNames.Length; actual++)
        {
            for (int predicted = 0; predicted < _classNames.Length; predicted++)
            {
                double rows = _counts[actual, predicted], share = Share(actual, predicted);
                int level = HeatLevels.Of(share);
                double x = _layout.Left + predicted * _layout.Cell, y = _layout.Top + actual * _layout.Cell;
                if (level > 0 || _layout.HasCounts)
                {
                    string hint = $"{Count(rows)} of {_classNames[actual]} predicted as {_classNames[predicted]} ({Percent(share)})";
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
        for (int actual = 0; actual < _classNames.Length; actual++)
        {
            for (int predicted = 0; predicted < _classNames.Length; predicted++)
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
        var largest = from actual in Enumerable.Range(0, _classNames.Length)
                      from predicted in Enumerable.Range(0, _classNames.Length)
                      let rows = _counts[actual, predicted]
                      where actual != predicted && rows > 0
                      orderby rows descending
                      select $"{Count(rows)} of {_classNames[actual]} predicted as {_classNames[predicted]}";
        string confusions = string.Join("; ", largest.Take(3));
        if (_classNames.Length == 0)
            return NothingToShow;
        return $"{Count(_classNames.Length)} classes. "
            + (confusions.Length == 0 ? "Nothing was confused." : $"Most frequent confusions: {confusions}.");
    }

    private static ConfusionTable KeptTable(ProbabilityMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return metrics.Confusion ?? throw new ArgumentException(
            $"The evaluation kept no confusion matrix of its {metrics.ClassCount} classes. Raise LargestConfusionMatrix in the options.",
            nameof(metrics));
    }

    private static double[,] ShownCounts(ConfusionTable table, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(table);
        CheckNames(table.ClassCount, classNames);
        var shown = LargestConfusions.MostMistakenClasses(table, MostClasses);
        var counts = new double[shown.Count, shown.Count];
        for (int row = 0; row < shown.Count; row++)
        {
            for (int column = 0; column < shown.Count; column++)
                counts[row, column] = table[shown[row], shown[column]];
        }

        return counts;
    }

    private static string[] ShownNames(ConfusionTable table, IReadOnlyList<string> classNames) =>
        [.. LargestConfusions.MostMistakenClasses(table, MostClasses).Select(label => classNames[label])];

    private static void CheckNames(int classCount, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        if (classNames.Count != classCount)
        {
            throw new ArgumentException(
                $"There are {classNames.Count} names for {classCount} classes. Give one for each.", nameof(classNames));
        }

        if (classNames.Contains(null))
            throw new ArgumentException("A class name is null. Give an empty text for a class without a name.", nameof(classNames));
    }
}
