using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>
/// The error rate among the answered rows against the share of rows answered. The most confident rows are answered first.
/// </summary>
public sealed class RiskCoverageCurve : Chart
{
    /// <summary>The coverages to mark, the most important first.</summary>
    private static readonly double[] Milestones = [1, 0.5, 0.8, 0.9];
    private static readonly PlotArea Plot = new(50, 34, 384, 250);

    private readonly RiskCoveragePoint[] _ordered;

    /// <summary>The curve of an evaluation.</summary>
    /// <param name="metrics">The evaluation.</param>
    /// <exception cref="ArgumentNullException"><paramref name="metrics"/> is null.</exception>
    public RiskCoverageCurve(ProbabilityMetrics metrics)
        : this(metrics?.RiskCoverage ?? throw new ArgumentNullException(nameof(metrics)))
    {
    }

    /// <summary>The curve through points.</summary>
    /// <param name="points">The points in any order. Points with NaN or an infinity are left out.</param>
    /// <exception cref="ArgumentNullException"><paramref name="points"/> is null.</exception>
    public RiskCoverageCurve(IEnumerable<RiskCoveragePoint> points)
        : base("Risk-coverage curve")
    {
        ArgumentNullException.ThrowIfNull(points);
        _ordered =
            [.. points.Where(point => double.IsFinite(point.Coverage) && double.IsFinite(point.Risk)).OrderBy(point => point.Coverage)];
    }

    /// <summary>The curve of any model's answers.</summary>
    /// <param name="confidences">The probability that the model gave its answer, row by row: from 0 to 1.</param>
    /// <param name="isCorrect">Whether the answer was right.</param>
    /// <exception cref="ArgumentNullException"><paramref name="confidences"/> or <paramref name="isCorrect"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The two differ in length, or a confidence is NaN or not from 0 to 1; the message names the row.
    /// </exception>
    public RiskCoverageCurve(IReadOnlyList<float> confidences, IReadOnlyList<bool> isCorrect)
        : this(ConfidentAnswers.ToRiskCoverage(confidences, isCorrect))
    {
    }

    /// <inheritdoc/>
    public override string Description => _ordered.Length == 0
        ? NothingToShow
        : "Share of wrong answers when only the most confident rows are answered: "
            + string.Join(", ", Marked().Select(point => $"{Percent(point.Risk, 2)} at {Percent(point.Coverage, 0)} of the rows")) + ".";

    private protected override double DrawingHeight => 290;

    private protected override void Draw(SvgCanvas canvas)
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

    /// <summary>Writes each figure to the upper left of its point. A figure that would overlap another is only in the tooltip.</summary>
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
