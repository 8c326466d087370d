using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Tests.Calibration;
using MLNet.Softmax.Tests.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation;

public class DecisionMetricsTests
{
    private static readonly float[][] Probabilities =
        [[.7f, .2f, .1f], [.6f, .3f, .1f], [.4f, .5f, .1f], [.1f, .8f, .1f], [.2f, .2f, .6f], [.3f, .3f, .4f], [float.NaN, .5f, .5f]];

    /// <summary>The last row but one has no label; the decisions: a, a, none, b, b, c, none.</summary>
    private static readonly uint[] Labels = [1, 2, 1, 2, 3, 0, 3];

    private readonly MulticlassClassificationCatalog _catalog = new MLContext(1).MulticlassClassification;

    private static MemoryView View() => new MemoryView()
        .WithKeys("Label", 3, Labels, Tests.Labels.KeyValues("a", "b", "c"))
        .WithScores("Probability", [3], Probabilities, Tests.Labels.SlotNames("a", "b", "c"));

    private static MemoryView WithDecisions(params uint[] decisions) =>
        View().WithKeys("PredictedLabel", 3, decisions, Tests.Labels.KeyValues("a", "b", "c"));

    private static MemoryView Sample() => WithDecisions(1, 1, 0, 2, 2, 3, 0);

    [Fact]
    public void EvaluateDecisions_CountsByHand()
    {
        var metrics = _catalog.EvaluateDecisions(Sample());
        // Six rows with a label: a right, b given as a, a without a decision, b right, c given as b, c without a decision.
        Assert.Equal((6, 2.0 / 4, 4.0 / 6), (metrics.RowsUsed, metrics.Accuracy.Value, metrics.Coverage.Value));
        Assert.Equal(new RowsLeftOut(1, 0, 0, 0, 0), metrics.RowsLeftOut);
        Assert.Equal(
            [("a", 2, 2, .5, .5), ("b", 2, 2, .5, .5), ("c", 2, 0, double.NaN, 0)],
            metrics.Classes.Select(one => (one.Name, (int)one.Rows, (int)one.Decisions, one.Precision.Value, one.Recall.Value)));
        Assert.Equal(ConfidenceInterval.OfShare(.5, 2), metrics.Classes[0].Precision.Interval);
        Assert.Equal(ConfidenceInterval.OfShare(4.0 / 6, 6), metrics.Coverage.Interval);
        Assert.Null(metrics.MeanCost);
        // Answered rows have a highest probability of .7, .6, .8 and .6; the row with NaN is not in the curve.
        Assert.Equal((.6f, 5), (metrics.OverThresholds.Threshold, metrics.OverThresholds.RowsUsed));
        Assert.Equal((1L, null), (metrics.OverThresholds.RowsLeftOut.NotFinite, metrics.OverThresholds.PositiveClass));
    }

    [Fact]
    public void EvaluateDecisions_WithAPositiveClass_FindsItsThreshold()
    {
        var metrics = _catalog.EvaluateDecisions(Sample(), positiveClass: "b", goal: ThresholdGoal.MeanCost(1, 5));
        // Decided for b: .8 and .2.
        Assert.Equal((.2f, 1), (metrics.OverThresholds.Threshold, metrics.OverThresholds.PositiveClass));
        Assert.Equal(1f, _catalog.EvaluateDecisions(WithDecisions(1, 1, 1, 1, 1, 1, 1), positiveClass: "b").OverThresholds.Threshold);
    }

    [Fact]
    public void EvaluateDecisions_AddsUpCosts()
    {
        var costs = new float[,] { { 0, 3, 3 }, { 1, -1, 7 }, { 1, 1, 0 }, { .5f, .5f, 2 } };
        var cost = _catalog.EvaluateDecisions(Sample(), costs: costs).MeanCost!.Value;
        // 0 (a as a), 3 (b as a), .5 (a left open), -1 (b as b), 7 (c as b), 2 (c left open).
        double[] each = [0, 3, .5, -1, 7, 2];
        var (mean, variance) = (each.Average(), each.Average(x => x * x) - (each.Average() * each.Average()));
        Assert.Equal(mean, cost.Value, 12);
        Assert.Equal(mean + (1.959963984540054 * Math.Sqrt(variance / 6)), cost.Interval.Upper, 9);

        // With a decision for every row, the costs need no row for leaving open: 0, 3 (b as a), 1 (a as b), -1, 7 (c as b), 0.
        var withoutAbstaining = new float[,] { { 0, 3, 3 }, { 1, -1, 7 }, { 1, 1, 0 } };
        var decided = _catalog.EvaluateDecisions(WithDecisions(1, 1, 2, 2, 2, 3, 3), costs: withoutAbstaining);
        Assert.Equal(10.0 / 6, decided.MeanCost!.Value.Value, 12);
    }

    /// <summary>The column of a trainer, a decision as text, and numbers that count the classes.</summary>
    [Fact]
    public void EvaluateDecisions_ReadsTextAsKeys()
    {
        var text = View().With(
            "PredictedLabel", TextDataViewType.Instance,
            [.. new[] { "a", "a", "", "b", "b", "c", "" }.Select(name => name.AsMemory())]);
        var expected = _catalog.EvaluateDecisions(Sample());
        Assert.Equal(expected.Classes, _catalog.EvaluateDecisions(text).Classes);
        Assert.Equal(expected.Coverage, _catalog.EvaluateDecisions(text).Coverage);
    }

    [Theory]
    [InlineData(0.6f)]
    [InlineData(0.35f)]
    public void EvaluateDecisions_OfDecide_GivesTheFiguresOfItsThreshold(float threshold)
    {
        var mlContext = new MLContext(1);
        var data = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits)
            .FitTransform(CalibrationViews.Drawn(500, 1));
        var decide = mlContext.Transforms.Decide(positiveClass: "b", threshold: threshold).Fit(data);
        var decisions = _catalog.EvaluateDecisions(decide.Transform(data), positiveClass: "b");
        var expected = _catalog.EvaluateThreshold(data, decide);
        var point = expected.Curve.First(one => one.Threshold >= threshold);
        Assert.Equal(point.Threshold, decisions.OverThresholds.Threshold);
        Assert.Equal(point.Precision, decisions.Classes[1].Precision.Value, 12);
        Assert.Equal(point.Recall, decisions.Classes[1].Recall.Value, 12);
        Assert.Equal(expected.After, decisions.OverThresholds.After);
        Assert.Equal(1, decisions.Coverage.Value);
    }

    [Fact]
    public void EvaluateThreshold_WithoutAGoal_IsThatOfTheFitOrThePrecisionOrF1()
    {
        var mlContext = new MLContext(1);
        var data = mlContext.Transforms.Softmax("Probability", "Score", scoreKind: ScoreKind.Logits)
            .FitTransform(CalibrationViews.Drawn(100, 1));
        var fitted = mlContext.MulticlassClassification.Calibrators.Threshold(ThresholdGoal.Recall(0.8)).Fit(data);
        ThresholdGoal GoalOf(DecideTransformer decide) => _catalog.EvaluateThreshold(data, decide).Goal;

        Assert.Equal(ThresholdGoal.Recall(0.8), GoalOf(fitted));
        Assert.Equal(ThresholdGoal.Precision(1), GoalOf(mlContext.Transforms.Decide(minimumConfidence: 0.5f).Fit(data)));
        Assert.Equal(ThresholdGoal.FBeta(1), GoalOf(mlContext.Transforms.Decide(positiveClass: "b", threshold: 0.5f).Fit(data)));
    }

    /// <summary>Rows from arrays, without a data view.</summary>
    [Fact]
    public void DecisionEvaluator_CountsAsEvaluateDecisions()
    {
        var costs = new float[,] { { 0, 3, 3 }, { 1, -1, 7 }, { 1, 1, 0 }, { .5f, .5f, 2 } };
        var evaluator = new DecisionEvaluator(["a", "b", "c"], costs: costs);
        int[] decisions = [0, 0, DecisionRule.Abstain, 1, 1, 2, DecisionRule.Abstain];
        for (var row = 0; row < Labels.Length; row++)
        {
            if (Labels[row] == 0)
                evaluator.LeaveOut(new(1, 0, 0, 0, 0));
            else
                evaluator.Add(Probabilities[row], (int)Labels[row] - 1, decisions[row]);
        }

        Assert.Equal(6, evaluator.RowCount);
        Assert.Equal(_catalog.EvaluateDecisions(Sample(), costs: costs).ToString(), evaluator.ToMetrics().ToString());
        Refusal.Of<ArgumentOutOfRangeException>(() => evaluator.Add([.5f, .5f, 0], 3, 0));
        Refusal.Of<ArgumentOutOfRangeException>(() => evaluator.Add([.5f, .5f, 0], 0, 3));
        Refusal.Of<InvalidOperationException>(() => new DecisionEvaluator(["a", "b"]).ToMetrics());
    }

    [Fact]
    public void Report_WithDecisions_ShowsFiguresAndCurves()
    {
        var view = Sample();
        var (metrics, decisions) = (_catalog.EvaluateProbabilities(view), _catalog.EvaluateDecisions(view, positiveClass: "b"));
        var page = metrics.Parse(new() { Decisions = decisions });
        var table = page.Table("Decisions");
        Assert.Equal(["b", "2", "2"], table[2].Take(3));
        Assert.StartsWith("50.0%", table[2][3], StringComparison.Ordinal);
        Assert.Equal("\u2013", table[3][3]);
        Assert.Contains("The decisions, and every other threshold", page.Headings());
        Assert.Contains("given \"b\" is 0.200", page.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Decisions", metrics.Parse().Headings());
    }

    [Fact]
    public void Report_OfOtherClasses_IsRefused()
    {
        var (metrics, decisions) = (_catalog.EvaluateProbabilities(Sample()), _catalog.EvaluateDecisions(Sample()));
        var other = decisions with { Classes = decisions.Classes.RemoveAt(2) };
        var exception = Refusal.Of<ArgumentException>(() => metrics.Parse(new() { Decisions = other }));
        Assert.Contains("Decisions has 2 classes, but the metrics of the report have 3", exception.Message, StringComparison.Ordinal);
        var sets = new PredictionSetMetrics(0.5, new(0.25, 0.75, 0.95), 1, 4, RowsLeftOut.None, []);
        Refusal.Of<ArgumentException>(
            () => metrics.Parse(new() { PredictionSets = sets }), "PredictionSets has 0 classes, but the metrics of the report have 3");
        var threshold = decisions.OverThresholds with { PositiveClass = 3 };
        Refusal.Of<ArgumentException>(
            () => metrics.Parse(new() { Threshold = threshold }), "Threshold has 4 classes, but the metrics of the report have 3");
        Assert.Contains("Where to draw the line", metrics.Parse(new() { Threshold = threshold with { PositiveClass = 2 } }).Headings());
    }

    /// <summary>The variance is 0; rounding may make it less, whose root would be NaN.</summary>
    [Fact]
    public void DecisionEvaluator_OfRowsThatAllCostTheSame_HasAnInterval()
    {
        foreach (var cost in new[] { 0.1f, 0.3f, 0.7f, 1.1f, 123.456f })
        {
            var evaluator = new DecisionEvaluator(["a", "b"], costs: new[,] { { cost, cost }, { cost, cost } });
            for (var row = 0; row < 12; row++)
            {
                evaluator.Add([0.25f, 0.75f], row % 2, 1);
                var mean = evaluator.ToMetrics().MeanCost!.Value;
                Assert.Equal(cost, mean.Value, 1e-12);
                Assert.Equal(cost, mean.Interval.Lower, 1e-5);
                Assert.Equal(cost, mean.Interval.Upper, 1e-5);
            }
        }
    }

    [Fact]
    public void DecisionEvaluator_KeepsItsOwnCosts_AndRefusesWhatIsNoClass()
    {
        var costs = new float[,] { { 0, 1 }, { 1, 0 } };
        var evaluator = new DecisionEvaluator(["a", "b"], costs: costs);
        evaluator.Add([0.25f, 0.75f], 0, 1);
        costs[1, 0] = 9;
        Assert.Equal(1, evaluator.ToMetrics().MeanCost!.Value.Value);
        Refusal.Of<ArgumentOutOfRangeException>(() => evaluator.Add([0.5f, 0.5f], -1, 0));
        Refusal.Of<ArgumentOutOfRangeException>(() => new DecisionEvaluator(["a"]));
        Refusal.Of<ArgumentOutOfRangeException>(() => new DecisionEvaluator(["a", "b"], 2));
        Assert.Equal(1, evaluator.RowCount);
    }

    [Fact]
    public void EvaluateDecisions_BadInput_IsRefused()
    {
        void Refused<T>(string part, Action evaluate) where T : Exception => Refusal.Of<T>(evaluate, part);
        Refused<ArgumentOutOfRangeException>("no class 'd'", () => _catalog.EvaluateDecisions(Sample(), positiveClass: "d"));
        Refused<ArgumentOutOfRangeException>("'Decision'", () => _catalog.EvaluateDecisions(Sample(), decisionColumnName: "Decision"));
        Refused<ArgumentException>("2 rows have no decision", () => _catalog.EvaluateDecisions(Sample(), costs: new float[3, 3]));
        Refused<ArgumentException>("2 columns", () => _catalog.EvaluateDecisions(Sample(), costs: new float[3, 2]));
        Refused<ArgumentException>("NaN", () => _catalog.EvaluateDecisions(
            Sample(), costs: new[,] { { 0, 1, 1 }, { 1, float.NaN, 1 }, { 1, 1, 0 } }));
        Refused<ArgumentException>("needs a positive class", () => _catalog.EvaluateDecisions(Sample(), goal: ThresholdGoal.FBeta()));
        var unknown = View().WithKeys("PredictedLabel", 4, [1, 4, 1, 1, 1, 1, 1], Tests.Labels.KeyValues("a", "b", "c", "dog"));
        Refused<InvalidOperationException>("'dog'", () => _catalog.EvaluateDecisions(unknown));
        var labelsFromOne = Sample().With("Label", NumberDataViewType.Single, [1f, 2, 3, 1, 2, 3, 1]);
        Refused<InvalidOperationException>("in column 'Label' may count the 3", () => _catalog.EvaluateDecisions(labelsFromOne));
        // The row without a label shows how the decisions count.
        var decisionsFromOne = View().With("PredictedLabel", NumberDataViewType.Single, [1f, 1, 2, 2, 1, 3, 2]);
        Refused<InvalidOperationException>(
            "in column 'PredictedLabel' may count the 3", () => _catalog.EvaluateDecisions(decisionsFromOne));

        var byCosts = new MLContext(1).Transforms.Decide(costs: new float[3, 3]).Fit(Sample());
        Refused<ArgumentException>("by costs or has several", () => _catalog.EvaluateThreshold(Sample(), byCosts));
        foreach (var (thresholds, confidence, isRefused) in ((string[], float, bool)[])[
            (["a", "b"], 0, true), (["a"], 0.5f, true), (["a"], 0, false), ([], 0.5f, false), ([], 0, false)])
        {
            var decide = new MLContext(1).Transforms.Decide(new DecisionOptions
            {
                Thresholds = thresholds.ToDictionary(name => name, _ => 0.5f),
                MinimumConfidence = confidence,
            }).Fit(Sample());
            if (isRefused)
                Refused<ArgumentException>("by costs or has several", () => _catalog.EvaluateThreshold(Sample(), decide));
            else
                Assert.Equal(5, _catalog.EvaluateThreshold(Sample(), decide).RowsUsed);
        }

        var unlabelled = new MemoryView()
            .WithKeys("Label", 3, [0], Tests.Labels.KeyValues("a", "b", "c"))
            .WithKeys("PredictedLabel", 3, [1], Tests.Labels.KeyValues("a", "b", "c"))
            .WithScores("Probability", [3], [[.7f, .2f, .1f]], Tests.Labels.SlotNames("a", "b", "c"));
        Refused<InvalidOperationException>("'Label'", () => _catalog.EvaluateDecisions(unlabelled));
    }
}
