using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>How often the true class is among the k most probable classes, for k = 1, 2, ...</summary>
public sealed class TopKCurve : Chart
{
    private const int MostShown = 20;
    private const int MostWithFigures = 6;

    private static readonly PlotArea Plot = new(50, 34, 384, 250);

    private readonly double[] _shown;

    /// <summary>The curve of an evaluation.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    public TopKCurve(ProbabilityMetrics metrics)
        : this(metrics?.TopKAccuracy ?? throw new ArgumentNullException(nameof(metrics)))
    {
    }

    /// <summary>The curve of accuracies. The first 20 are shown.</summary>
    /// <param name="accuracies">At index k - 1, the share of rows whose true class is among the first k. NaN leaves a gap.</param>
    /// <exception cref="ArgumentNullException"><paramref name="accuracies"/> is null.</exception>
    /// <exception cref="ArgumentException">An accuracy is not from 0 to 1.</exception>
    public TopKCurve(IEnumerable<double> accuracies)
        : base("Top-k accuracy")
    {
        ArgumentNullException.ThrowIfNull(accuracies);
        _shown = [.. accuracies.Take(MostShown)];
        int wrong = Array.FindIndex(_shown, accuracy => accuracy is < 0 or > 1);
        if (wrong >= 0)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"The top-{wrong + 1} accuracy is {_shown[wrong]}. Expected a share from 0 to 1."),
                nameof(accuracies));
        }
    }

    /// <inheritdoc/>
    public override string Description => _shown.Length == 0
        ? NothingToShow
        : string.Join(", ", _shown.Select((accuracy, i) => $"top {i + 1}: {Percent(accuracy)}")) + ".";

    private protected override double DrawingHeight => 290;

    private protected override void Draw(SvgCanvas canvas)
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

    /// <summary>Writes the figure below and to the right of its point, where a flattening curve leaves room.</summary>
    private static void DrawFigure(SvgCanvas canvas, double accuracy, double x, double y) => canvas.Text(
        Percent(accuracy), x + 8, Math.Min(y + 19, Plot.Bottom - 4), "figure", TextAnchor.Middle);
}
