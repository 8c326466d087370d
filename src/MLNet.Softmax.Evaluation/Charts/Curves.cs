using System.Text;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>How often the truth is among the k most probable classes, for k = 1, 2, ...</summary>
internal sealed class TopKCurve(string title, IReadOnlyList<double> accuracies) : Chart(title)
{
    private const int MostShown = 20;
    private const int MostWithFigures = 6;

    private static readonly PlotArea Plot = new(50, 34, 384, 250);

    private readonly double[] _shown = [.. accuracies.Take(MostShown)];

    public override string Description => _shown.Length == 0
        ? NothingToShow
        : string.Join(", ", _shown.Select((accuracy, i) => $"top {i + 1}: {Percent(accuracy)}")) + ".";

    protected override double Height => 290;

    protected override void Draw(SvgCanvas canvas)
    {
        double lowest = _shown.Where(double.IsFinite).DefaultIfEmpty(0).Min();
        double start = lowest >= 1 ? 0 : Math.Max(0, AxisTicks.RoundDomain(lowest - (1 - lowest) * 0.2, 1).Start);
        var y = Plot.Vertical(start, 1);
        var x = new LinearScale(1, Math.Max(2, _shown.Length), Plot.Left + 16, Plot.Right - 20);
        var yTicks = AxisTicks.Within(start, 1);
        int stride = _shown.Length <= 10 ? 1 : 5;
        var xTicks = new AxisTicks(stride,
            [.. Enumerable.Range(1, _shown.Length).Where(k => k == 1 || k % stride == 0).Select(k => (double)k)]);

        string note = start > 0 ? $" (the axis starts at {PercentTick(start, yTicks.Step)})" : "";
        Axes.DrawVertical(canvas, Plot, y, yTicks, value => PercentTick(value, yTicks.Step), "The truth is among the first k" + note);
        Axes.DrawHorizontal(canvas, Plot, x, xTicks, value => Tick(value, 1), "k: classes answered");
        canvas.Path(LinePath.Through(_shown.Select((accuracy, i) => (x[i + 1], y[accuracy]))), "line");
        for (int i = 0; i < _shown.Length; i++)
        {
            if (!double.IsFinite(_shown[i]))
                continue;
            canvas.Circle(x[i + 1], y[_shown[i]], 4, "point", $"Top {i + 1}: {Percent(_shown[i], 2)}");
            if (_shown.Length <= MostWithFigures)
                DrawFigure(canvas, _shown[i], x[i + 1], y[_shown[i]]);
        }

        if (_shown.Length == 0)
            NoRows(canvas, (Plot.Left + Plot.Right) / 2, Plot.Top + Plot.Height / 2);
    }

    /// <summary>Below and to the right of its point, where a curve that flattens leaves room.</summary>
    private static void DrawFigure(SvgCanvas canvas, double accuracy, double x, double y) => canvas.Text(
        Percent(accuracy), x + 8, Math.Min(y + 19, Plot.Bottom - 4), "figure", TextAnchor.Middle);
}

/// <summary>The error rate among the answered rows against the share of rows answered, the most confident first.</summary>
internal sealed class RiskCoverageCurve(string title, IReadOnlyList<RiskCoveragePoint> points) : Chart(title)
{
    /// <summary>The more important ones first.</summary>
    private static readonly double[] Milestones = [1, 0.5, 0.8, 0.9];
    private static readonly PlotArea Plot = new(50, 34, 384, 250);

    private readonly RiskCoveragePoint[] _ordered =
        [.. points.Where(point => double.IsFinite(point.Coverage) && double.IsFinite(point.Risk)).OrderBy(point => point.Coverage)];

    public override string Description => _ordered.Length == 0
        ? NothingToShow
        : "Share of wrong answers when only the most confident rows are answered: "
            + string.Join(", ", Marked().Select(point => $"{Percent(point.Risk, 2)} at {Percent(point.Coverage, 0)} of the rows")) + ".";

    protected override double Height => 290;

    protected override void Draw(SvgCanvas canvas)
    {
        double highest = _ordered.Select(point => point.Risk).DefaultIfEmpty(1).Max();
        var y = Plot.Vertical(0, highest > 0 ? AxisTicks.RoundDomain(0, highest).End : 1);
        var x = Plot.Horizontal(0, 1);
        var ticks = AxisTicks.Within(0, y.DomainEnd);
        Axes.DrawVertical(canvas, Plot, y, ticks, value => PercentTick(value, ticks.Step), "Risk: share of the answers that are wrong");
        Axes.DrawHorizontal(canvas, Plot, x, AxisTicks.Within(0, 1), value => PercentTick(value, 0.2),
            "Coverage: share of the rows answered");

        if (_ordered.Length == 0)
            NoRows(canvas, (Plot.Left + Plot.Right) / 2, Plot.Top + Plot.Height / 2);
        string line = LinePath.Through(LinePath.Thin(_ordered.Select(point => (x[point.Coverage], y[point.Risk]))));
        if (_ordered.Length > 1)
            canvas.Path($"{line}V{Coordinate(Plot.Bottom)}H{Coordinate(x[_ordered[0].Coverage])}Z", "area");
        canvas.Path(line, "line");
        DrawMarks(canvas, x, y);
    }

    /// <summary>Figures stand to the upper left of their points; one that would lie on another is left to its point's hint.</summary>
    private void DrawMarks(SvgCanvas canvas, LinearScale x, LinearScale y)
    {
        var taken = new List<(double Left, double Right, double Bottom)>();
        foreach (var point in Marked())
        {
            double pointX = x[point.Coverage], pointY = y[point.Risk];
            string hint = $"Coverage {Percent(point.Coverage)}, confidence from {Probability(point.Confidence)}: "
                + $"risk {Percent(point.Risk, 2)}";
            canvas.Circle(pointX, pointY, 4, "point", hint);

            string figure = Percent(point.Risk);
            double right = pointX - 6, left = right - ChartLabel.Width(figure), bottom = Math.Max(Plot.Top + 10, pointY - 8);
            if (taken.Exists(other => left < other.Right && right > other.Left && Math.Abs(bottom - other.Bottom) < ChartLabel.FontSize))
                continue;
            canvas.Text(figure, right, bottom, "figure", TextAnchor.End);
            taken.Add((left, right, bottom));
        }
    }

    /// <summary>The points nearest to the milestones of coverage, where the curve has points near them.</summary>
    private IEnumerable<RiskCoveragePoint> Marked() => _ordered.Length == 0
        ? []
        : Milestones.Select(milestone => _ordered.MinBy(point => Math.Abs(point.Coverage - milestone))).Distinct();
}

/// <summary>The path of a line through points in drawing units. A point that is not finite leaves a gap.</summary>
internal static class LinePath
{
    public static string Through(IEnumerable<(double X, double Y)> points)
    {
        var path = new StringBuilder();
        bool isPenDown = false;
        foreach (var (x, y) in points)
        {
            if (!double.IsFinite(x) || !double.IsFinite(y))
            {
                isPenDown = false;
                continue;
            }

            path.Append(isPenDown ? 'L' : 'M').Append(Coordinate(x)).Append(' ').Append(Coordinate(y));
            isPenDown = true;
        }

        return path.ToString();
    }

    /// <summary>
    /// Fewer points for the same picture: of all points within half a unit of width, the first, the lowest, the highest and the last.
    /// The points must be in order of X.
    /// </summary>
    public static IEnumerable<(double X, double Y)> Thin(IEnumerable<(double X, double Y)> points)
    {
        var column = new List<(double X, double Y)>();
        foreach (var point in points)
        {
            if (column.Count > 0 && !(point.X - column[0].X < 0.5))
            {
                foreach (var kept in Extremes(column))
                    yield return kept;
                column.Clear();
            }

            column.Add(point);
        }

        foreach (var kept in Extremes(column))
            yield return kept;
    }

    private static IEnumerable<(double X, double Y)> Extremes(List<(double X, double Y)> column)
    {
        if (column.Count <= 4)
            return [.. column];
        int lowest = 0, highest = 0;
        for (int i = 1; i < column.Count; i++)
        {
            if (column[i].Y < column[lowest].Y)
                lowest = i;
            if (column[i].Y > column[highest].Y)
                highest = i;
        }

        int[] kept = [0, lowest, highest, column.Count - 1];
        return [.. kept.Distinct().Order().Select(i => column[i])];
    }
}
