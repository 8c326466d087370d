using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Accuracy against confidence per bin. The diagonal is perfect calibration. Below the diagram: the rows of each bin.</summary>
public sealed class ReliabilityDiagram : Chart
{
    private const int MostBinsWithCounts = 16;

    private static readonly PlotArea Plot = new(50, 34, 384, 250);
    private static readonly PlotArea Counts = new(50, 278, 384, 330);

    private readonly int _binCount;
    private readonly ReliabilityBin[] _filled;

    /// <summary>The diagram of an evaluation.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    public ReliabilityDiagram(ProbabilityMetrics metrics)
        : this(metrics?.Reliability ?? throw new ArgumentNullException(nameof(metrics)))
    {
    }

    /// <summary>The diagram of bins, such as those of one class (<see cref="ClassMetrics.Reliability"/>).</summary>
    /// <param name="bins">The bins by rising probability. Bins that are empty or contain NaN have no point.</param>
    /// <exception cref="ArgumentNullException"><paramref name="bins"/> is null.</exception>
    public ReliabilityDiagram(IEnumerable<ReliabilityBin> bins)
        : base("Reliability diagram")
    {
        ArgumentNullException.ThrowIfNull(bins);
        ReliabilityBin[] all = [.. bins];
        _binCount = all.Length;
        _filled = [.. all.Where(bin => bin.Weight > 0 && !double.IsNaN(bin.ObservedFrequency + bin.MeanProbability))];
    }

    /// <summary>The diagram of any model's answers.</summary>
    /// <param name="confidences">The probability that the model gave its answer, row by row: from 0 to 1.</param>
    /// <param name="isCorrect">Whether the answer was right.</param>
    /// <param name="bins">The bins; 15 if null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="confidences"/> or <paramref name="isCorrect"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The two differ in length, or a confidence is NaN or not from 0 to 1; the message names the row.
    /// </exception>
    public ReliabilityDiagram(IReadOnlyList<float> confidences, IReadOnlyList<bool> isCorrect, BinLayout? bins = null)
        : this(ConfidentAnswers.ToBins(confidences, isCorrect, bins ?? BinLayout.Default))
    {
    }

    /// <inheritdoc/>
    public override string Description => _filled.Length == 0
        ? NothingToShow
        : $"{Count(_filled.Sum(bin => bin.Weight))} rows by confidence. " + string.Concat(_filled.Select(Words));

    private protected override double DrawingHeight => 372;

    private protected override void Draw(SvgCanvas canvas)
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
            if (_binCount <= MostBinsWithCounts)
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
