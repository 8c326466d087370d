using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Accuracy against confidence, bin by bin, with the diagonal of a calibrated model; below it, the rows of each bin.</summary>
internal sealed class ReliabilityDiagram(string title, IReadOnlyList<ReliabilityBin> bins) : Chart(title)
{
    private const int MostBinsWithCounts = 16;

    private static readonly PlotArea Plot = new(50, 34, 384, 250);
    private static readonly PlotArea Counts = new(50, 278, 384, 330);

    private readonly ReliabilityBin[] _filled =
        [.. bins.Where(bin => bin.Weight > 0 && !double.IsNaN(bin.ObservedFrequency + bin.MeanProbability))];

    public override string Description => _filled.Length == 0
        ? NothingToShow
        : $"{Count(_filled.Sum(bin => bin.Weight))} rows by confidence. " + string.Concat(_filled.Select(Words));

    protected override double Height => 372;

    protected override void Draw(SvgCanvas canvas)
    {
        var x = Plot.Horizontal(0, 1);
        var y = Plot.Vertical(0, 1);
        Axes.DrawVertical(canvas, Plot, y, AxisTicks.Within(0, 1), TickLabel, "Accuracy: share of the bin's rows that are right");
        canvas.Line(Plot.Left, Plot.Bottom, Plot.Right, Plot.Bottom, "axis");
        canvas.Line(x[0], y[0], x[1], y[1], "diagonal");
        canvas.Text("too cautious", Plot.Left + 12, Plot.Top + 20, "note");
        canvas.Text("too sure", Plot.Right - 12, Plot.Bottom - 12, "note", TextAnchor.End);
        foreach (var bin in _filled)
            DrawBin(canvas, bin, x[bin.MeanProbability], y);
        if (_filled.Length == 0)
            NoRows(canvas, (Plot.Left + Plot.Right) / 2, Plot.Top + Plot.Height / 2);
        DrawCounts(canvas, x);
    }

    private static void DrawBin(SvgCanvas canvas, ReliabilityBin bin, double x, LinearScale y)
    {
        canvas.Line(x, y[bin.MeanProbability], x, y[bin.ObservedFrequency], "gap");
        if (!double.IsNaN(bin.Interval.Lower + bin.Interval.Upper))
        {
            double low = y[bin.Interval.Lower], high = y[bin.Interval.Upper];
            canvas.Line(x, low, x, high, "whisker");
            canvas.Line(x - 3, low, x + 3, low, "whisker");
            canvas.Line(x - 3, high, x + 3, high, "whisker");
        }

        canvas.Circle(x, y[bin.ObservedFrequency], 4, "point", Words(bin));
    }

    private void DrawCounts(SvgCanvas canvas, LinearScale x)
    {
        double largest = _filled.Length == 0 ? 1 : _filled.Max(bin => bin.Weight);
        var y = Counts.Vertical(0, largest);
        foreach (var bin in _filled)
        {
            double left = x[bin.LowerEdge] + 1, right = x[bin.UpperEdge] - 1;
            double top = Math.Min(y[bin.Weight], Counts.Bottom - 1);
            canvas.Rectangle(left, top, Math.Max(0.5, right - left), Counts.Bottom - top, "bar", Words(bin));
            if (bins.Count <= MostBinsWithCounts)
                canvas.Text(CompactCount(bin.Weight), (left + right) / 2, top - 4, "bar-label", TextAnchor.Middle);
        }

        canvas.Text("Rows", 2, Counts.Bottom, "axis-title");
        Axes.DrawHorizontal(canvas, Counts, x, AxisTicks.Within(0, 1), TickLabel, "Confidence: the probability that the model gave");
    }

    private static string TickLabel(double value) => PercentTick(value, 0.2);

    private static string Words(ReliabilityBin bin) =>
        $"Confidence {Percent(bin.LowerEdge)} to {Percent(bin.UpperEdge)}, on average {Percent(bin.MeanProbability)}: "
        + $"{Percent(bin.ObservedFrequency)} right of {Count(bin.Weight)}. ";
}
