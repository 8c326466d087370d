using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>A line of a chart over thresholds: its name, its style, and its value at each threshold.</summary>
internal sealed record ThresholdLine(string Name, string Style, Func<ThresholdPoint, double> Value);

/// <summary>Figures over all thresholds, with the chosen threshold marked.</summary>
internal sealed class ThresholdCurves(
    string title, IReadOnlyList<ThresholdPoint> points, float chosen, bool isShare, params IReadOnlyList<ThresholdLine> lines)
    : Chart(title)
{
    private static readonly PlotArea Plot = new(50, 34, 384, 250);

    public override string Description => points.Count == 0 ? NothingToShow : $"At the threshold {Probability(chosen)}: {AtChosen()}.";

    protected override double Height => 290;

    /// <summary>The first threshold from the chosen one on: between two thresholds, the answers are those of the higher one.</summary>
    private ThresholdPoint Chosen => points.FirstOrDefault(point => point.Threshold >= chosen, points[^1]);

    protected override void Draw(SvgCanvas canvas)
    {
        double highest = points.SelectMany(point => lines.Select(line => line.Value(point))).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var y = Plot.Vertical(0, isShare ? 1 : AxisTicks.RoundDomain(0, highest).End);
        var x = Plot.Horizontal(0, 1);
        var ticks = AxisTicks.Within(0, y.DomainEnd);
        Axes.DrawVertical(canvas, Plot, y, ticks, value => isShare ? PercentTick(value, ticks.Step) : Tick(value, ticks.Step), "");
        Axes.DrawHorizontal(
            canvas, Plot, x, AxisTicks.Within(0, 1), value => Tick(value, 0.2), "Threshold: the lowest probability that is answered");
        DrawLegend(canvas);
        if (points.Count == 0)
        {
            NoRows(canvas, (Plot.Left + Plot.Right) / 2, Plot.Top + Plot.Height / 2);
            return;
        }

        foreach (var line in lines)
            canvas.Path(LinePath.Through(LinePath.Thin(points.Select(point => (x[point.Threshold], y[line.Value(point)])))), line.Style);
        canvas.Line(x[chosen], Plot.Top, x[chosen], Plot.Bottom, "diagonal");
        foreach (var line in lines.Where(line => double.IsFinite(line.Value(Chosen))))
            canvas.Circle(x[chosen], y[line.Value(Chosen)], 4, "point", $"{line.Name}: {Figure(line.Value(Chosen))}");
    }

    private void DrawLegend(SvgCanvas canvas)
    {
        double left = Plot.Left;
        foreach (var line in lines)
        {
            canvas.Line(left, 18, left + 18, 18, line.Style);
            canvas.Text(line.Name, left + 24, 22, "axis-title");
            left += 44 + ChartLabel.Width(line.Name);
        }
    }

    private string AtChosen() => string.Join(", ", lines.Select(line => $"{line.Name} {Figure(line.Value(Chosen))}"));

    private string Figure(double value) => isShare ? Percent(value) : Decimal(value);
}
