using static MLNet.Softmax.Charts.NumberText;

namespace MLNet.Softmax.Charts;

/// <summary>Rows whose confidence lies in (Lower, Upper]: how many, how sure on average, and how often right, with an interval.</summary>
internal readonly record struct ReliabilityDiagramBin(
    double Lower, double Upper, double Count, double MeanConfidence, double Accuracy, double AccuracyLower, double AccuracyUpper);

/// <summary>Accuracy against confidence, bin by bin, with the diagonal of a calibrated model; below it, how many rows each bin holds.</summary>
internal sealed class ReliabilityDiagram(string title, IReadOnlyList<ReliabilityDiagramBin> bins) : Chart
{
    private const int MostBinsWithCounts = 16;

    private static readonly PlotArea Plot = new(50, 34, 384, 250);
    private static readonly PlotArea Counts = new(50, 278, 384, 330);

    private readonly ReliabilityDiagramBin[] filled = [.. bins.Where(bin => bin.Count > 0 && !double.IsNaN(bin.Accuracy + bin.MeanConfidence))];

    public override string Title => title;

    public override string Description => filled.Length == 0
        ? NothingToShow
        : $"{Count(filled.Sum(bin => bin.Count))} rows by confidence. " + string.Concat(filled.Select(Words));

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
        foreach (var bin in filled)
            DrawBin(canvas, bin, x[bin.MeanConfidence], y);
        if (filled.Length == 0)
            NoRows(canvas, (Plot.Left + Plot.Right) / 2, Plot.Top + Plot.Height / 2);
        DrawCounts(canvas, x);
    }

    private static void DrawBin(SvgCanvas canvas, ReliabilityDiagramBin bin, double x, LinearScale y)
    {
        canvas.Line(x, y[bin.MeanConfidence], x, y[bin.Accuracy], "gap");
        if (!double.IsNaN(bin.AccuracyLower + bin.AccuracyUpper))
        {
            double low = y[bin.AccuracyLower], high = y[bin.AccuracyUpper];
            canvas.Line(x, low, x, high, "whisker");
            canvas.Line(x - 3, low, x + 3, low, "whisker");
            canvas.Line(x - 3, high, x + 3, high, "whisker");
        }

        canvas.Circle(x, y[bin.Accuracy], 4, "point", Words(bin));
    }

    private void DrawCounts(SvgCanvas canvas, LinearScale x)
    {
        double largest = filled.Length == 0 ? 1 : filled.Max(bin => bin.Count);
        var y = Counts.Vertical(0, largest);
        foreach (var bin in filled)
        {
            double left = x[bin.Lower] + 1, right = x[bin.Upper] - 1;
            double top = Math.Min(y[bin.Count], Counts.Bottom - 1);
            canvas.Rectangle(left, top, Math.Max(0.5, right - left), Counts.Bottom - top, "bar", Words(bin));
            if (bins.Count <= MostBinsWithCounts)
                canvas.Text(CompactCount(bin.Count), (left + right) / 2, top - 4, "bar-label", TextAnchor.Middle);
        }

        canvas.Text("Rows", 2, Counts.Bottom, "axis-title");
        Axes.DrawHorizontal(canvas, Counts, x, AxisTicks.Within(0, 1), TickLabel, "Confidence: the probability that the model gave");
    }

    private static string TickLabel(double value) => PercentTick(value, 0.2);

    private static string Words(ReliabilityDiagramBin bin) =>
        $"Confidence {Percent(bin.Lower)} to {Percent(bin.Upper)}, on average {Percent(bin.MeanConfidence)}: "
        + $"{Percent(bin.Accuracy)} right of {Count(bin.Count)}. ";
}
