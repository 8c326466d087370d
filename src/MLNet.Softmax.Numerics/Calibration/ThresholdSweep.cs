using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>The weights of right answers, of wrong answers, and of unanswered rows whose answer would be right or wrong.</summary>
internal struct ThresholdTally
{
    private Cells _weights;
    private Cells _squares;

    public void Add(in ThresholdRows.Row row, bool isAnswered)
    {
        double weight = row.Weight;
        var cell = row.IsHit ? isAnswered ? 0 : 2 : isAnswered ? 1 : 3;
        _weights[cell] += weight;
        _squares[cell] += weight * weight;
    }

    /// <summary>Moves a row from the unanswered to the answered rows.</summary>
    public void Answer(in ThresholdRows.Row row)
    {
        Add(row, true);
        var cell = row.IsHit ? 2 : 3;
        _weights[cell] -= row.Weight;
    }

    /// <param name="goal">The figure.</param>
    /// <param name="ratio">Its <see cref="Ratio"/>.</param>
    public readonly double Value(ThresholdGoal goal, in (double[] Over, double[] Under) ratio) =>
        goal.Kind == ThresholdGoalKind.BalancedAccuracy ? (Recall + Specificity) / 2
        : Dot(ratio.Over, _weights) / Dot(ratio.Under, _weights);

    public readonly ThresholdPoint ToPoint(float threshold, ThresholdGoal goal, double value)
    {
        var (tp, fp, fn, tn) = (_weights[0], _weights[1], _weights[2], _weights[3]);
        var total = tp + fp + fn + tn;
        var cost = goal.Kind is ThresholdGoalKind.MeanCost or ThresholdGoalKind.MeanCostOfAbstaining ? value
            : goal.NeedsAbstaining ? double.NaN
            : (fp + fn) / total;
        return new(threshold, tp / (tp + fp), Recall, (tp + fp) / total, cost);
    }

    /// <summary>
    /// The figure with its interval. For a ratio R = a / b of sums over rows, the variance is the sum of (w (a - R b))^2, divided by the
    /// square of the sum of w b: the delta method.
    /// </summary>
    public readonly FigureWithInterval Figure(ThresholdGoal goal)
    {
        var (over, under) = Ratio(goal);
        var value = Value(goal, (over, under));
        if (goal.Kind is ThresholdGoalKind.Precision or ThresholdGoalKind.Recall or ThresholdGoalKind.SelectiveRisk)
        {
            var weight = Dot(under, _weights);
            return new(value, ConfidenceInterval.OfShare(value, weight * weight / Dot(under, _squares)));
        }

        var variance = 0.0;
        if (goal.Kind == ThresholdGoalKind.BalancedAccuracy)
        {
            var (hits, others) = (_weights[0] + _weights[2], _weights[1] + _weights[3]);
            var (missed, kept) = (1 - Recall, 1 - Specificity);
            variance = ((_squares[0] * missed * missed) + (_squares[2] * Recall * Recall)) / (4 * hits * hits)
                + ((_squares[3] * kept * kept) + (_squares[1] * Specificity * Specificity)) / (4 * others * others);
        }
        else
        {
            var sum = Dot(under, _weights);
            for (var cell = 0; cell < 4; cell++)
            {
                var influence = (over[cell] - (value * under[cell])) / sum;
                variance += _squares[cell] * influence * influence;
            }
        }

        return new(value, ConfidenceInterval.OfMean(value, Math.Sqrt(variance)));
    }

    private readonly double Recall => _weights[0] / (_weights[0] + _weights[2]);

    private readonly double Specificity => _weights[3] / (_weights[1] + _weights[3]);

    /// <summary>
    /// What each kind of row (right, wrong, missed, rightly declined) adds to the numerator and denominator of the figure.
    /// </summary>
    public static (double[] Over, double[] Under) Ratio(ThresholdGoal goal)
    {
        var (wanted, other) = (goal.Wanted, goal.Other);
        return goal.Kind switch
        {
            ThresholdGoalKind.Precision => ([1, 0, 0, 0], [1, 1, 0, 0]),
            ThresholdGoalKind.Recall => ([1, 0, 0, 0], [1, 0, 1, 0]),
            ThresholdGoalKind.SelectiveRisk => ([0, 1, 0, 0], [1, 1, 0, 0]),
            ThresholdGoalKind.FBeta => ([1 + (wanted * wanted), 0, 0, 0], [1 + (wanted * wanted), 1, wanted * wanted, 0]),
            ThresholdGoalKind.MeanCost => ([0, wanted, other, 0], [1, 1, 1, 1]),
            _ => ([0, 1, wanted, wanted], [1, 1, 1, 1]),
        };
    }

    private static double Dot(double[] factors, in Cells cells) =>
        (factors[0] * cells[0]) + (factors[1] * cells[1]) + (factors[2] * cells[2]) + (factors[3] * cells[3]);

    [InlineArray(4)]
    private struct Cells
    {
        private double _first;
    }
}

/// <summary>All thresholds of sorted rows, from the highest to the one at which every row is answered.</summary>
internal sealed class ThresholdSweep
{
    private readonly ThresholdGoal _goal;
    private readonly (double[] Over, double[] Under) _ratio;
    private readonly List<ThresholdPoint> _points = [];
    private readonly List<double> _values = [];

    /// <param name="rows">The rows in descending order of score, at least one.</param>
    /// <param name="goal">The figure to compute at each threshold.</param>
    public ThresholdSweep(ThresholdRows.Row[] rows, ThresholdGoal goal)
    {
        (_goal, _ratio) = (goal, ThresholdTally.Ratio(goal));
        var tally = new ThresholdTally();
        foreach (ref readonly var row in rows.AsSpan())
            tally.Add(row, false);
        // At a threshold of 1 that no row reaches, no row is answered.
        if (rows[0].Score < 1)
            Take(tally, 1);
        for (var row = 0; row < rows.Length; row++)
        {
            tally.Answer(rows[row]);
            if (row == rows.Length - 1 || rows[row + 1].Score != rows[row].Score)
                Take(tally, Math.Min(rows[row].Score, 1));
        }
    }

    public ImmutableArray<ThresholdPoint> Curve() => [.. _points.AsEnumerable().Reverse()];

    /// <summary>The threshold that reaches the goal.</summary>
    /// <exception cref="InvalidOperationException">No threshold reaches it.</exception>
    public float Chosen()
    {
        var best = _goal.Kind switch
        {
            ThresholdGoalKind.Precision => _values.FindLastIndex(value => value >= _goal.Wanted),
            ThresholdGoalKind.Recall => _values.FindIndex(value => value >= _goal.Wanted),
            ThresholdGoalKind.MeanCost or ThresholdGoalKind.MeanCostOfAbstaining => _values.LastIndexOf(_values.Min()),
            _ => _values.LastIndexOf(_values.Max()),
        };
        if (best >= 0)
            return _points[best].Threshold;
        var highest = _values.Where(double.IsFinite).Max();
        throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"No threshold reaches a {_goal}. The highest precision is {highest:g4}, at the threshold "
            + $"{_points[_values.LastIndexOf(highest)].Threshold:g4}. Ask for no more than that, or improve the model."));
    }

    private void Take(in ThresholdTally tally, float threshold)
    {
        var value = tally.Value(_goal, _ratio);
        _points.Add(tally.ToPoint(threshold, _goal, value));
        _values.Add(value);
    }
}

/// <summary>Selection with guaranteed risk (Y. Geifman and R. El-Yaniv, 2017, algorithm 2).</summary>
internal static class SelectiveRisk
{
    /// <summary>
    /// A binary search over the confidences of the rows; each step bounds the risk with its share of delta. Returns the lowest threshold
    /// whose bound is low enough.
    /// </summary>
    public static (float Threshold, double? Bound) Search(ThresholdRows.Row[] rows, double wanted, double delta)
    {
        var steps = Math.Max(1, BitOperations.Log2((uint)rows.Length - 1) + 1);
        var (found, lowest) = ((Threshold: float.NaN, Bound: double.NaN), (Threshold: float.NaN, Bound: double.PositiveInfinity));
        var (fewest, most) = (1, rows.Length);
        for (var step = 0; step < steps && fewest <= most; step++)
        {
            // Rows of equal confidence are answered together.
            var middle = fewest + ((most - fewest) / 2);
            var threshold = rows[middle - 1].Score;
            var (surer, answered) = (rows.Count(row => row.Score > threshold), rows.Count(row => row.Score >= threshold));
            var wrong = rows.Take(answered).Count(row => !row.IsHit);
            var bound = BinomialBound.Upper(wrong, answered, delta / steps);
            if (bound < lowest.Bound)
                lowest = (threshold, bound);
            if (bound <= wanted)
            {
                found = (threshold, bound);
                fewest = answered + 1;
            }
            else
            {
                most = surer;
            }
        }

        return !float.IsNaN(found.Threshold) ? found : throw new InvalidOperationException(string.Create(
            CultureInfo.InvariantCulture,
            $"No threshold was found whose selective risk is at most {wanted} with confidence {1 - delta}. The lowest bound found is "
            + $"{lowest.Bound:g4}, at the threshold {lowest.Threshold:g4}, on {rows.Length} rows. Ask for no less than that, hold out more "
            + $"rows, or improve the model."));
    }
}
