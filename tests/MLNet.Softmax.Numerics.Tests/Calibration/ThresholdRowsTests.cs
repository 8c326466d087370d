namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class ThresholdRowsTests
{
    /// <summary>The example in the documentation of scikit-learn's precision_recall_curve: labels 0 0 1 1.</summary>
    private static readonly float[] Documented = [0.1f, 0.4f, 0.35f, 0.8f];

    [Fact]
    public void Curve_OfScikitLearnsExample_IsTheDocumentedOne()
    {
        var curve = OfPositive(Documented, [0, 0, 1, 1]).Fit(ThresholdGoal.FBeta(), 1).Curve;
        Assert.Equal([0.1f, 0.35f, 0.4f, 0.8f, 1f], curve.Select(point => point.Threshold));
        Assert.Equal([0.5, 2 / 3.0, 0.5, 1, double.NaN], curve.Select(point => point.Precision));
        Assert.Equal([1, 1, 0.5, 0.5, 0], curve.Select(point => point.Recall));
        Assert.Equal([1, 0.75, 0.5, 0.25, 0], curve.Select(point => point.Coverage));
        Assert.Equal([0.5, 0.25, 0.5, 0.25, 0.5], curve.Select(point => point.Cost));
    }

    /// <summary>
    /// For one digit against the others, the best point of scikit-learn 1.2.1's precision_recall_curve and roc_curve, which
    /// TunedThresholdClassifierCV searches too. Rows 0 to 699 of the digits' logits.
    /// </summary>
    public static TheoryData<int, ThresholdGoal, double, double> OfScikitLearn => new()
    {
        { 1, ThresholdGoal.FBeta(), 0.30342137813568115, 0.7868852459016392 },
        { 1, ThresholdGoal.FBeta(2), 0.06914350390434265, 0.8227848101265823 },
        { 1, ThresholdGoal.BalancedAccuracy, 0.0004619416140485555, 0.9124400318120013 },
        { 1, ThresholdGoal.Recall(0.9), 0.002693651942536235, 0.9016393442622951 },
        { 8, ThresholdGoal.FBeta(), 0.180680051445961, 0.6715328467153284 },
        { 8, ThresholdGoal.BalancedAccuracy, 0.0060558319091796875, 0.8623303245366224 },
        { 8, ThresholdGoal.Precision(0.97), 0.9999063014984131, 1.0 },
        { 9, ThresholdGoal.FBeta(), 0.08002446591854095, 0.7428571428571429 },
        { 9, ThresholdGoal.BalancedAccuracy, 0.0007642899872735143, 0.886586027209922 },
        { 9, ThresholdGoal.Recall(0.9), 0.00020858526113443077, 0.9104477611940298 },
    };

    [Theory]
    [MemberData(nameof(OfScikitLearn), DisableDiscoveryEnumeration = true)]
    public void Fit_OneDigit_ChoosesScikitLearnsThreshold(int digit, ThresholdGoal goal, double threshold, double after)
    {
        var rows = new ThresholdRows(10, digit);
        var digits = RecordedNetwork.Load("digits");
        for (var row = 0; row < digits.HalfRows; row++)
            rows.Add(digits.Probabilities.AsSpan(row * 10, 10), digits.Labels[row]);

        var fit = rows.Fit(goal);
        Assert.Equal(threshold, fit.Threshold, 1e-6 * threshold);
        Assert.Equal(after, fit.After.Value, 1e-12);
    }

    public static TheoryData<ThresholdGoal, float, double> ByHand => new()
    {
        // F1 at 0.1, 0.35, 0.4, 0.8: 2/3, 4/5, 1/2, 2/3. Balanced accuracies: 1/2, 3/4, 1/2, 3/4; the lower threshold of the two.
        { ThresholdGoal.FBeta(), 0.35f, 0.8 },
        { ThresholdGoal.FBeta(0.5), 0.8f, 5 / 6.0 },
        { ThresholdGoal.BalancedAccuracy, 0.35f, 0.75 },
        { ThresholdGoal.Precision(0.6), 0.35f, 2 / 3.0 },
        { ThresholdGoal.Precision(0.7), 0.8f, 1 },
        { ThresholdGoal.Recall(0.5), 0.8f, 0.5 },
        { ThresholdGoal.Recall(0.6), 0.35f, 1 },
        // Costs of 3 a false alarm and 1 a miss: 6, 3, 4, 1, 2 quarters; of 1 and 3: 2, 1, 4, 3, 6.
        { ThresholdGoal.MeanCost(3, 1), 0.8f, 0.25 },
        { ThresholdGoal.MeanCost(1, 3), 0.35f, 0.25 },
        { ThresholdGoal.MeanCost(9, 0.5), 0.8f, 0.125 },
    };

    [Theory]
    [MemberData(nameof(ByHand), DisableDiscoveryEnumeration = true)]
    public void Fit_FourRows_ChoosesTheThresholdFoundByHand(ThresholdGoal goal, float threshold, double after)
    {
        var fit = OfPositive(Documented, [0, 0, 1, 1]).Fit(goal, 1);
        Assert.Equal((threshold, 0), (fit.Threshold, fit.PositiveClass));
        Assert.Equal(after, fit.After.Value, 1e-12);
        // Without a threshold, only 0.8 is the most probable of two classes.
        var before = OfPositive(Documented, [0, 0, 1, 1]).Evaluate(0.5f, goal);
        Assert.Equal(before.After, fit.Before);
    }

    [Fact]
    public void Fit_WorthlessScores_AnswersNothingWhereThatIsCheapest()
    {
        var fit = OfPositive([0.9f, 0.2f], [0, 1]).Fit(ThresholdGoal.MeanCost(falsePositive: 10, falseNegative: 1), 1);
        Assert.Equal((1f, 0.5), (fit.Threshold, fit.After.Value));
    }

    [Fact]
    public void Fit_WithoutAPositiveClass_ChoosesTheConfidenceBelowWhichThereIsNoAnswer()
    {
        var rows = new ThresholdRows(3);
        rows.Add([0.9f, 0.05f, 0.05f], 0);
        rows.Add([0.1f, 0.7f, 0.2f], 1);
        rows.Add([0.3f, 0.1f, 0.6f], 0);
        rows.Add([0.5f, 0.3f, 0.2f], 0);
        // A wrong answer costs 1, none 0.3. At 0.9: 3 * 0.3; at 0.7: 2 * 0.3; at 0.6: 1.3; at 0.5: 1.
        var fit = rows.Fit(ThresholdGoal.MeanCostOfAbstaining(0.3), 1);
        Assert.Equal(0.7f, fit.Threshold);
        Assert.Equal(0.15, fit.After.Value, 1e-12);
        Assert.Equal(0.25, fit.Before.Value, 1e-12);
        Assert.Equal(0.5f, rows.Fit(ThresholdGoal.Precision(0.75), 1).Threshold);
    }

    [Fact]
    public void Fit_Weights_CountAsThatManyRows()
    {
        var random = new Random(5);
        var (weighted, repeated) = (new ThresholdRows(2, 0), new ThresholdRows(2, 0));
        for (var row = 0; row < 200; row++)
        {
            var (p, weight) = (random.NextSingle(), random.Next(0, 4));
            var label = random.NextDouble() < p ? 0 : 1;
            weighted.Add([p, 1 - p], label, weight);
            for (var copy = 0; copy < weight; copy++)
                repeated.Add([p, 1 - p], label);
        }

        foreach (var goal in new[] { ThresholdGoal.FBeta(2), ThresholdGoal.BalancedAccuracy, ThresholdGoal.MeanCost(2, 1) })
        {
            var (fit, other) = (weighted.Fit(goal), repeated.Fit(goal));
            Assert.Equal(other.Curve, fit.Curve);
            Assert.Equal((other.Threshold, other.After.Value), (fit.Threshold, fit.After.Value));
            // Weights are no more rows than there are.
            Assert.True(fit.After.Interval.Lower < other.After.Interval.Lower);
        }
    }

    [Fact]
    public void Fit_RandomRows_IsTheBestOfAllThresholdsAndItsIntervalHolds()
    {
        // A plain loop over all thresholds, and the spread of the figure over 2,000 draws of the rows with replacement.
        var (scores, labels) = Draw(new Random(7), 400);
        var cost = ThresholdGoal.MeanCost(1, 4);
        foreach (var goal in new[] { ThresholdGoal.FBeta(), ThresholdGoal.FBeta(2), ThresholdGoal.BalancedAccuracy, cost })
        {
            var fit = OfPositive(scores, labels).Fit(goal);
            var sign = goal == cost ? -1 : 1;
            var best = scores.Distinct().Order().MaxBy(threshold => sign * Naive(goal, scores, labels, threshold));
            Assert.Equal(best, fit.Threshold);
            Assert.Equal(Naive(goal, scores, labels, best), fit.After.Value, 1e-12);

            var random = new Random(8);
            var resampled = Enumerable.Range(0, 2000).Select(_ =>
            {
                int[] drawn = [.. Enumerable.Range(0, 400).Select(_ => random.Next(400))];
                return Naive(goal, [.. drawn.Select(row => scores[row])], [.. drawn.Select(row => labels[row])], best);
            }).Order().ToArray();
            var spread = (resampled[1950] - resampled[50]) / (fit.After.Interval.Upper - fit.After.Interval.Lower);
            Assert.InRange(spread, 0.85, 1.15);
        }
    }

    [Fact]
    public void Curve_OfAProbabilityAboveOne_EndsAtOne()
    {
        var rows = new ThresholdRows(2, 0);
        rows.Add([1.005f, 0], 0);
        rows.Add([0.25f, 0.75f], 1);

        Assert.Equal([0.25f, 1], rows.Fit(ThresholdGoal.FBeta(), 1).Curve.Select(point => point.Threshold));
    }

    public static TheoryData<ThresholdGoal, string, bool?> Goals => new()
    {
        { ThresholdGoal.BalancedAccuracy, "Balanced accuracy", true }, { ThresholdGoal.FBeta(0.5), "F0.5", true },
        { ThresholdGoal.Precision(0.5), "Precision", null }, { ThresholdGoal.Recall(0.5), "Recall", null },
        { ThresholdGoal.SelectiveRisk(0.25, 0.125), "Risk: wrong among the answers", false },
        { ThresholdGoal.MeanCost(1, 2), "Mean cost", true }, { ThresholdGoal.MeanCostOfAbstaining(0.5), "Mean cost", false },
    };

    /// <param name="goal">The goal.</param>
    /// <param name="figure">The name of its figure.</param>
    /// <param name="positiveClass">Whether it needs a positive class; null if it may have one or not.</param>
    [Theory]
    [MemberData(nameof(Goals), DisableDiscoveryEnumeration = true)]
    public void Goal_OfEachKind_NamesItsFigureAndWhatItNeeds(ThresholdGoal goal, string figure, bool? positiveClass)
    {
        Assert.Equal(figure, goal.FigureName);
        Assert.Equal(goal, ThresholdGoal.Of(goal.Kind, goal.Wanted, goal.Other));
        foreach (var has in (bool[])[false, true])
        {
            if (positiveClass is { } needs && needs != has)
                Refusal.Of<ArgumentException>(() => ThresholdRows.Check(goal, has), $"needs {(has ? "no" : "a")} positive class");
            else
                ThresholdRows.Check(goal, has);
        }

        Assert.Null(ThresholdGoal.Of(ThresholdGoalKind.FBeta, 0, 0));
        Assert.Null(ThresholdGoal.Of(ThresholdGoalKind.SelectiveRisk, 0.5, 1));
    }

    [Fact]
    public void Fit_WhatCannotBeReached_SaysWhatCan()
    {
        var rows = OfPositive([0.9f, 0.8f, 0.7f, 0.6f], [0, 1, 0, 1]);
        Refusal.Of<InvalidOperationException>(
            () => rows.Fit(ThresholdGoal.Precision(0.6), 1), "precision of at least 0.6", "highest precision is 0.5", "threshold 0.6");
        var abstaining = new ThresholdRows(2);
        for (var row = 0; row < 40; row++)
            abstaining.Add([0.6f, 0.4f], row % 2);
        Refusal.Of<InvalidOperationException>(
            () => abstaining.Fit(ThresholdGoal.SelectiveRisk(0.1)), "at most 0.1", "lowest bound found is 0.6928", "on 40 rows");
    }

    [Fact]
    public void Fit_BadInput_IsRefusedWithWhatIsExpected()
    {
        Refusal.Of<ArgumentException>(() => new ThresholdRows(2).Fit(ThresholdGoal.FBeta()), "highest F1", "needs a positive class");
        Refusal.Of<ArgumentException>(() => new ThresholdRows(2, 0).Fit(ThresholdGoal.SelectiveRisk(0.1)), "needs no positive class");
        Refusal.Of<InvalidOperationException>(
            () => OfPositive([0.5f, 0.7f], [1, 0]).Fit(ThresholdGoal.FBeta()), "2 usable rows", "at least 30", "not logits");
        Refusal.Of<InvalidOperationException>(() => OfPositive([0.5f, 0.7f], [1, 1]).Fit(ThresholdGoal.FBeta(), 1), "All of the 2 rows");
        Refusal.Of<InvalidOperationException>(() => OfPositive([0.5f, 0.7f], [0, 0]).Fit(ThresholdGoal.FBeta(), 1), "None of the 2 rows");
        Refusal.Of<ArgumentException>(() => new ThresholdRows(3).Add([0.5f, 0.5f], 0), "2 probabilities", "3 classes");
        Refusal.Of<InvalidOperationException>(
            () => new ThresholdRows(2).Fit(ThresholdGoal.SelectiveRisk(0.1), 0), "found 0 usable rows and needs at least 1 (");
        Refusal.Of<ArgumentOutOfRangeException>(() => new ThresholdRows(2, 2));
        Refusal.Of<ArgumentOutOfRangeException>(() => ThresholdGoal.FBeta(0));
        Refusal.Of<ArgumentOutOfRangeException>(() => ThresholdGoal.Precision(1.1));
        Refusal.Of<ArgumentOutOfRangeException>(() => ThresholdGoal.SelectiveRisk(0.1, 0));
        Refusal.Of<ArgumentOutOfRangeException>(() => ThresholdGoal.MeanCost(-1, 0));
        var weighted = new ThresholdRows(2);
        weighted.Add([0.5f, 0.5f], 0, 2);
        Refusal.Of<InvalidOperationException>(() => weighted.Fit(ThresholdGoal.SelectiveRisk(0.1), 1), "Leave the weights out");
        weighted.Add([0.5f, float.NaN], 0);
        weighted.Add([3f, -2f], 0);
        weighted.Add([0.5f, 0.5f], -1);
        Assert.Equal(new RowsLeftOut(1, 0, 2, 0, 0), weighted.Fit(ThresholdGoal.Recall(1), 1).RowsLeftOut);
    }

    /// <summary>Rows of two classes with these probabilities of the first one, which is the positive class where the label is 1.</summary>
    private static ThresholdRows OfPositive(float[] scores, int[] labels)
    {
        var rows = new ThresholdRows(2, 0);
        for (var row = 0; row < scores.Length; row++)
            rows.Add([scores[row], 1 - scores[row]], 1 - labels[row]);
        return rows;
    }

    private static (float[] Scores, int[] Labels) Draw(Random random, int count)
    {
        float[] scores = [.. Enumerable.Range(0, count).Select(_ => MathF.Round(random.NextSingle() * random.NextSingle(), 2))];
        return (scores, [.. scores.Select(p => random.NextDouble() < p ? 1 : 0)]);
    }

    private static double Naive(ThresholdGoal goal, float[] scores, int[] labels, float threshold)
    {
        double Count(bool answered, int label) =>
            scores.Zip(labels).Count(row => row.First >= threshold == answered && row.Second == label);
        var (tp, fp, fn, tn) = (Count(true, 1), Count(true, 0), Count(false, 1), Count(false, 0));
        if (goal == ThresholdGoal.BalancedAccuracy)
            return ((tp / (tp + fn)) + (tn / (tn + fp))) / 2;
        if (goal == ThresholdGoal.MeanCost(1, 4))
            return (fp + (4 * fn)) / scores.Length;
        var square = goal == ThresholdGoal.FBeta() ? 1 : 4;
        return (1 + square) * tp / (((1 + square) * tp) + (square * fn) + fp);
    }
}
