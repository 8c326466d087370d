namespace MLNet.Softmax.Numerics.Tests.Calibration;

/// <summary>Every figure of every goal, from weighted rows, straight from its definition.</summary>
public sealed class ThresholdFigureTests
{
    private const float Threshold = 0.375f;

    public static TheoryData<ThresholdGoal, int?> Goals => new()
    {
        { ThresholdGoal.FBeta(), 1 }, { ThresholdGoal.FBeta(2), 1 }, { ThresholdGoal.BalancedAccuracy, 1 },
        { ThresholdGoal.Precision(0.5), 1 }, { ThresholdGoal.Precision(0.5), null }, { ThresholdGoal.Recall(0.5), 1 },
        { ThresholdGoal.Recall(0.5), null }, { ThresholdGoal.MeanCost(1.5, 4), 1 }, { ThresholdGoal.MeanCostOfAbstaining(0.25), null },
        { ThresholdGoal.SelectiveRisk(0.5), null },
    };

    [Theory]
    [MemberData(nameof(Goals), DisableDiscoveryEnumeration = true)]
    public void Evaluate_OfWeightedRows_GivesTheFiguresOfTheDefinition(ThresholdGoal goal, int? positiveClass)
    {
        // A bound on the risk is for rows without weights.
        var table = Metrics.PredictionTable.Random(5, 400, 3, weighted: goal.Kind != ThresholdGoalKind.SelectiveRisk, steps: 16);
        var rows = new ThresholdRows(3, positiveClass);
        for (var row = 0; row < table.RowCount; row++)
            rows.Add(table.Row(row), table.Labels[row], (float)table.Weight(row));
        var cases = Enumerable.Range(0, table.RowCount).Where(row => table.Weight(row) > 0).Select(row =>
        {
            var predicted = Metrics.Naive.Predicted(table, row);
            var candidate = positiveClass ?? predicted;
            return new Case(table.Row(row)[candidate], table.Weight(row), table.Labels[row] == candidate, predicted == candidate);
        }).ToArray();

        var fit = rows.Evaluate(Threshold, goal);

        Assert.Equal((cases.Length, Threshold, positiveClass, null), (fit.RowsUsed, fit.Threshold, fit.PositiveClass, fit.RiskBound));
        Check(goal, cases, one => one.IsFirst, fit.Before);
        Check(goal, cases, one => one.Score >= Threshold, fit.After);
        Assert.Equal(
            cases.Select(one => one.Score).Append(1).Distinct().Order(), fit.Curve.Select(point => point.Threshold));
        foreach (var point in fit.Curve)
        {
            var (right, wrong, missed, declined) = Cells(cases, one => one.Score >= point.Threshold);
            var total = right + wrong + missed + declined;
            Assert.Equal(right / (right + wrong), point.Precision, 1e-12);
            Assert.Equal(right / (right + missed), point.Recall, 1e-12);
            Assert.Equal((right + wrong) / total, point.Coverage, 1e-12);
            Assert.Equal(goal.Kind switch
            {
                ThresholdGoalKind.MeanCost => ((1.5 * wrong) + (4 * missed)) / total,
                ThresholdGoalKind.MeanCostOfAbstaining => (wrong + (0.25 * (missed + declined))) / total,
                ThresholdGoalKind.SelectiveRisk => double.NaN,
                _ => (wrong + missed) / total,
            }, point.Cost, 1e-12);
        }
    }

    /// <summary>Each figure is a ratio of sums over the rows, or the mean of two: its variance is that of the rows' influences.</summary>
    private static void Check(ThresholdGoal goal, Case[] cases, Func<Case, bool> isAnswered, FigureWithInterval figure)
    {
        double Is(bool holds) => holds ? 1 : 0;
        double Hit(Case one) => Is(isAnswered(one) && one.IsHit);
        double False(Case one) => Is(isAnswered(one) && !one.IsHit);
        double Missed(Case one) => Is(!isAnswered(one) && one.IsHit);
        double Right(Case one) => Is(!isAnswered(one) && !one.IsHit);
        var square = goal.Kind == ThresholdGoalKind.FBeta ? goal.Wanted * goal.Wanted : 0;
        var (value, interval) = goal.Kind switch
        {
            ThresholdGoalKind.Precision => Share(Hit, one => Is(isAnswered(one))),
            ThresholdGoalKind.Recall => Share(Hit, one => Is(one.IsHit)),
            ThresholdGoalKind.SelectiveRisk => Share(False, one => Is(isAnswered(one))),
            ThresholdGoalKind.FBeta => Mean((
                one => (1 + square) * Hit(one), one => ((1 + square) * Hit(one)) + (square * Missed(one)) + False(one))),
            ThresholdGoalKind.MeanCost => Mean((one => (1.5 * False(one)) + (4 * Missed(one)), _ => 1)),
            ThresholdGoalKind.MeanCostOfAbstaining => Mean((one => False(one) + (0.25 * (Missed(one) + Right(one))), _ => 1)),
            _ => Mean((Hit, one => Is(one.IsHit)), (Right, one => Is(!one.IsHit))),
        };

        Assert.Equal(value, figure.Value, 1e-12);
        Assert.Equal(interval.Lower, figure.Interval.Lower, 1e-10);
        Assert.Equal(interval.Upper, figure.Interval.Upper, 1e-10);
        Assert.Equal(0.95, figure.Interval.Level);

        (double Value, ConfidenceInterval Interval) Share(Func<Case, double> over, Func<Case, double> under)
        {
            var (weight, share) = (cases.Sum(one => one.Weight * under(one)), Ratio(over, under));
            return (share, ConfidenceInterval.OfShare(share, weight * weight / cases.Sum(one => one.Weight * one.Weight * under(one))));
        }

        (double Value, ConfidenceInterval Interval) Mean(params (Func<Case, double> Over, Func<Case, double> Under)[] ratios)
        {
            var mean = ratios.Average(ratio => Ratio(ratio.Over, ratio.Under));
            var variance = cases.Sum(one => Math.Pow(ratios.Average(ratio =>
                one.Weight * (ratio.Over(one) - (Ratio(ratio.Over, ratio.Under) * ratio.Under(one)))
                / cases.Sum(other => other.Weight * ratio.Under(other))), 2));
            return (mean, ConfidenceInterval.OfMean(mean, Math.Sqrt(variance)));
        }

        double Ratio(Func<Case, double> over, Func<Case, double> under) =>
            cases.Sum(one => one.Weight * over(one)) / cases.Sum(one => one.Weight * under(one));
    }

    private static (double Right, double Wrong, double Missed, double Declined) Cells(Case[] cases, Func<Case, bool> isAnswered)
    {
        double Sum(bool answered, bool isHit) =>
            cases.Where(one => isAnswered(one) == answered && one.IsHit == isHit).Sum(one => one.Weight);
        return (Sum(true, true), Sum(true, false), Sum(false, true), Sum(false, false));
    }

    private sealed record Case(float Score, double Weight, bool IsHit, bool IsFirst);
}
