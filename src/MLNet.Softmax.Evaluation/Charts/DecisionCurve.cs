using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>A line of a chart over thresholds: its name, its style, and its value at each threshold.</summary>
internal sealed record ThresholdLine(string Name, string Style, Func<ThresholdPoint, double> Value);

/// <summary>
/// Precision (without a positive class, accuracy), recall and coverage at each threshold, or the mean cost. The chosen threshold is marked.
/// </summary>
/// <remarks>Not the net benefit of medical statistics, whose chart is also called a decision curve.</remarks>
public sealed class DecisionCurve : Chart
{
    private static readonly PlotArea Plot = new(50, 34, 384, 250);
    private static readonly ThresholdLine Recall = new("Recall", "line second", point => point.Recall);
    private static readonly ThresholdLine Coverage = new("Coverage", "line third", point => point.Coverage);
    private static readonly ThresholdLine MeanCost = new("Mean cost", "line", point => point.Cost);

    private readonly ThresholdPoint[] _points;
    private readonly float? _threshold;
    private readonly ThresholdLine[] _lines;

    /// <summary>The curves of a fitted or evaluated threshold.</summary>
    /// <param name="fit">
    /// The result of <c>EvaluateThreshold</c> on new rows, or the <c>Calibration</c> of a fitted threshold. A loaded model has no curve:
    /// evaluate its threshold.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="fit"/> is null.</exception>
    public DecisionCurve(ThresholdFit fit)
        : this("Figures over thresholds", Checked(fit).Curve, fit.Threshold, Precision(fit.PositiveClass is not null), Recall, Coverage)
    {
    }

    /// <summary>The curves through points.</summary>
    /// <param name="points">The points by rising threshold. A figure that is NaN leaves a gap.</param>
    /// <param name="threshold">The threshold to mark, from 0 to 1; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="points"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not from 0 to 1.</exception>
    public DecisionCurve(IEnumerable<ThresholdPoint> points, float? threshold)
        : this("Figures over thresholds", points, threshold, Precision(true), Recall, Coverage)
    {
    }

    /// <summary>The curves of any model's probabilities of one class.</summary>
    /// <param name="probabilities">The probability of the class, row by row: from 0 to 1.</param>
    /// <param name="isPositive">Whether the row belongs to the class.</param>
    /// <param name="threshold">The threshold to mark, from 0 to 1; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> or <paramref name="isPositive"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The two differ in length, or a probability is NaN or not from 0 to 1; the message names the row.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not from 0 to 1.</exception>
    /// <exception cref="InvalidOperationException">No row belongs to the class, or every row does.</exception>
    public DecisionCurve(IReadOnlyList<float> probabilities, IReadOnlyList<bool> isPositive, float? threshold = null)
        : this(Curve(probabilities, isPositive), threshold)
    {
    }

    private DecisionCurve(string title, IEnumerable<ThresholdPoint> points, float? threshold, params ThresholdLine[] lines)
        : base(title)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (threshold is { } chosen)
            DecisionRule.CheckProbability(chosen, nameof(threshold), "The threshold");
        (_points, _threshold, _lines) = ([.. points], threshold, lines);
    }

    /// <summary>The mean cost per row at each threshold.</summary>
    /// <param name="fit">As for the constructor. The costs are those of its goal; if it has none, each wrong answer costs 1.</param>
    /// <returns>The chart.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="fit"/> is null.</exception>
    public static DecisionCurve OfCost(ThresholdFit fit) => new("Mean cost over thresholds", Checked(fit).Curve, fit.Threshold, MeanCost);

    /// <inheritdoc/>
    public override string Description => _points.Length == 0 ? NothingToShow
        : _threshold is { } chosen ? $"At the threshold {Probability(chosen)}: {Figures(Chosen(chosen))}."
        : $"At the threshold 0: {Figures(_points[0])}. At the threshold {Probability(_points[^1].Threshold)}: {Figures(_points[^1])}.";

    private protected override double DrawingHeight => 290;

    private bool IsShare => _lines[0] != MeanCost;

    private protected override void Draw(SvgCanvas canvas)
    {
        double highest =
            _points.SelectMany(point => _lines.Select(line => line.Value(point))).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var y = Plot.Vertical(0, IsShare ? 1 : AxisTicks.RoundDomain(0, highest).End);
        var x = Plot.Horizontal(0, 1);
        var ticks = AxisTicks.Within(0, y.DomainEnd);
        Axes.DrawVertical(canvas, Plot, y, ticks, value => IsShare ? PercentTick(value, ticks.Step) : Tick(value, ticks.Step), "");
        Axes.DrawHorizontal(
            canvas, Plot, x, AxisTicks.Within(0, 1), value => Tick(value, 0.2), "Threshold: the lowest probability that is answered");
        DrawLegend(canvas);
        if (_points.Length == 0)
        {
            NoRows(canvas, (Plot.Left + Plot.Right) / 2, Plot.Top + Plot.Height / 2);
            return;
        }

        foreach (var line in _lines)
            canvas.Path(LinePath.Through(LinePath.Thin(_points.Select(point => (x[point.Threshold], y[line.Value(point)])))), line.Style);
        if (_threshold is not { } chosen)
            return;
        canvas.Line(x[chosen], Plot.Top, x[chosen], Plot.Bottom, "diagonal");
        foreach (var (name, _, value) in _lines)
        {
            double figure = value(Chosen(chosen));
            if (double.IsFinite(figure))
                canvas.Circle(x[chosen], y[figure], 4, "point", $"{name}: {Figure(figure)}");
        }
    }

    private void DrawLegend(SvgCanvas canvas)
    {
        double left = Plot.Left;
        foreach (var line in _lines)
        {
            canvas.Line(left, 18, left + 18, 18, line.Style);
            canvas.Text(line.Name, left + 24, 22, "axis-title");
            left += 44 + ChartLabel.Width(line.Name);
        }
    }

    /// <summary>
    /// The first point at or above the chosen threshold: between two thresholds, the answers are those of the higher one.
    /// </summary>
    private ThresholdPoint Chosen(float threshold) => _points.FirstOrDefault(point => point.Threshold >= threshold, _points[^1]);

    private string Figures(ThresholdPoint point) => string.Join(", ", _lines.Select(line => $"{line.Name} {Figure(line.Value(point))}"));

    private string Figure(double value) => IsShare ? Percent(value) : Decimal(value);

    private static ThresholdLine Precision(bool isOfOneClass) =>
        new(isOfOneClass ? "Precision" : "Accuracy", "line", point => point.Precision);

    private static ThresholdFit Checked(ThresholdFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit;
    }

    private static ImmutableArray<ThresholdPoint> Curve(IReadOnlyList<float> probabilities, IReadOnlyList<bool> isPositive)
    {
        ConfidentAnswers.Check(probabilities, isPositive, nameof(probabilities), nameof(isPositive));
        var rows = new ThresholdRows(2, positiveClass: 1);
        for (int row = 0; row < probabilities.Count; row++)
            rows.Add([1 - probabilities[row], probabilities[row]], isPositive[row] ? 1 : 0);
        return rows.Evaluate(0.5f, ThresholdGoal.FBeta()).Curve;
    }
}
