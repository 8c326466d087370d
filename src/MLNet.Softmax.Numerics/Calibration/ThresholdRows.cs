using Microsoft.ML;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// Collects the rows that a threshold is fitted on, 12 bytes per row. With a positive class: its probability, and whether the row belongs
/// to it. Without one: the highest probability, and whether its class is the true one.
/// </summary>
public sealed class ThresholdRows
{
    private readonly List<Row> _rows = [];
    private readonly int _classCount;
    private readonly int? _positiveClass;
    private LeftOutCounter _leftOut;

    /// <summary>An empty collection.</summary>
    /// <param name="classCount">Classes in a row, at least 2.</param>
    /// <param name="positiveClass">The class that the threshold is for; null for a minimum confidence of the most probable class.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than 2 classes, or the positive class is not one of them.</exception>
    public ThresholdRows(int classCount, int? positiveClass = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        if (positiveClass is { } index)
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)classCount, nameof(positiveClass));
        (_classCount, _positiveClass) = (classCount, positiveClass);
    }

    /// <summary>Adds a row, or counts it as left out for the same reasons as <see cref="ConformityScores.Add"/>.</summary>
    /// <param name="probabilities">One value per class.</param>
    /// <param name="label">The class index, negative when missing.</param>
    /// <param name="weight">The weight of the row: 2 counts as much as two equal rows.</param>
    /// <exception cref="ArgumentException">The row does not have one value per class.</exception>
    public void Add(ReadOnlySpan<float> probabilities, int label, float weight = 1f)
    {
        if (probabilities.Length != _classCount)
        {
            throw new ArgumentException(
                $"The row has {probabilities.Length} probabilities, but there are {_classCount} classes.", nameof(probabilities));
        }

        if (!_leftOut.Admits(label, _classCount, weight))
            return;
        if (!ProbabilityRow.IsDistribution(probabilities))
        {
            _leftOut.AddNotFinite();
            return;
        }

        var first = ArgMax.Compute(probabilities);
        var candidate = _positiveClass ?? first;
        _rows.Add(new(probabilities[candidate], weight, label == candidate, first == candidate));
    }

    /// <summary>Fits the threshold.</summary>
    /// <param name="goal">The goal. If several thresholds reach it equally well, the lowest is chosen.</param>
    /// <param name="minimumRows">The minimum number of usable rows.</param>
    /// <returns>The threshold, with its figures on these rows.</returns>
    /// <exception cref="ArgumentException">The goal needs a positive class and there is none, or it must not have one.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are too few rows, or they are all of one class, or no threshold reaches the goal; then the message says what can be reached.
    /// </exception>
    public ThresholdFit Fit(ThresholdGoal goal, int minimumRows = 30)
    {
        Check(goal, _positiveClass is not null);
        var rows = Sorted(goal, minimumRows);
        var sweep = new ThresholdSweep(rows, goal);
        var (threshold, bound) = goal.Kind == ThresholdGoalKind.SelectiveRisk
            ? SelectiveRisk.Search(rows, goal.Wanted, goal.Other) : (sweep.Chosen(), (double?)null);
        return Result(goal, threshold, bound, rows, sweep);
    }

    /// <summary>Computes the figures of a given threshold on these rows, for example on rows that it was not fitted on.</summary>
    /// <param name="threshold">From 0 to 1.</param>
    /// <param name="goal">The figure to compute with and without the threshold.</param>
    /// <returns>The figures, without a bound on the risk.</returns>
    /// <exception cref="ArgumentException">The threshold is not from 0 to 1, or the goal does not match the positive class.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows, or they are all of one class.</exception>
    public ThresholdFit Evaluate(float threshold, ThresholdGoal goal)
    {
        DecisionRule.CheckProbability(threshold, nameof(threshold), "The threshold");
        Check(goal, _positiveClass is not null);
        var rows = Sorted(goal, 1);
        return Result(goal, threshold, null, rows, new ThresholdSweep(rows, goal));
    }

    private ThresholdFit Result(ThresholdGoal goal, float threshold, double? bound, Row[] rows, ThresholdSweep sweep)
    {
        var (before, after) = (new ThresholdTally(), new ThresholdTally());
        foreach (var row in rows)
        {
            before.Add(row, row.IsFirst);
            after.Add(row, row.Score >= threshold);
        }

        return new(
            goal, _positiveClass, threshold, before.Figure(goal), after.Figure(goal), bound, rows.Length, _leftOut.Total, sweep.Curve());
    }

    /// <summary>Throws if the goal needs a positive class and there is none, or the other way round.</summary>
    internal static void Check(ThresholdGoal goal, bool hasPositiveClass)
    {
        ArgumentNullException.ThrowIfNull(goal);
        if (hasPositiveClass ? goal.NeedsAbstaining : goal.NeedsPositiveClass)
        {
            throw new ArgumentException(
                $"The goal '{goal}' needs {(hasPositiveClass ? "no" : "a")} positive class: it is about "
                + (hasPositiveClass ? "declining to answer." : "telling one class from the others."), nameof(goal));
        }
    }

    /// <summary>The rows in descending order of score.</summary>
    private Row[] Sorted(ThresholdGoal goal, int minimumRows)
    {
        if (_rows.Count < Math.Max(minimumRows, 1))
        {
            throw new InvalidOperationException(
                $"Choosing a threshold found {_rows.Count} usable rows and needs at least {Math.Max(minimumRows, 1)} "
                + $"(left out: {_leftOut.Total}). Hold out more rows, lower the minimum number of rows, and give "
                + "probabilities, not logits.");
        }

        var hits = _rows.Count(row => row.IsHit);
        if (_positiveClass is not null && (hits == 0 || hits == _rows.Count))
        {
            throw new InvalidOperationException(
                $"{(hits == 0 ? "None" : "All")} of the {_rows.Count} rows belong to the positive class; rows of it and of others are "
                + "needed. "
                + "Check how the rows were held out: sorted data must be shuffled before it is split.");
        }

        if (goal.Kind == ThresholdGoalKind.SelectiveRisk && _rows.Exists(row => row.Weight != 1))
        {
            throw new InvalidOperationException(
                "The bound on the selective risk holds for rows that count 1 each. Leave the weights out, or choose another goal.");
        }

        return Descending();
    }

    /// <summary>The rows in descending order of score; those with the same score stay in their order.</summary>
    private Row[] Descending()
    {
        // The sort is ascending and stable. Sorting the last row first and reading the result backwards keeps equal scores in their order.
        var keys = new ulong[_rows.Count];
        for (var index = 0; index < keys.Length; index++)
            keys[index] = ProbabilitySort.Key(_rows[^(index + 1)].Score, (uint)index);
        var sorted = ProbabilitySort.Sort(keys, new ulong[keys.Length]);
        var rows = new Row[keys.Length];
        for (var index = 0; index < rows.Length; index++)
            rows[index] = _rows[^((int)ProbabilitySort.Carried(sorted[^(index + 1)]) + 1)];
        return rows;
    }

    /// <param name="Score">The probability to compare with the threshold.</param>
    /// <param name="Weight">The weight of the row.</param>
    /// <param name="IsHit">Whether the answer, if there is one, is right.</param>
    /// <param name="IsFirst">Whether the row is answered without a threshold.</param>
    internal readonly record struct Row(float Score, float Weight, bool IsHit, bool IsFirst);
}
