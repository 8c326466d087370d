using System.Globalization;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// What the library says does not depend on the culture. The tests run without culture data, so that they make a culture up.
/// </summary>
public sealed class CultureTests
{
    private static readonly CultureInfo German =
        new("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", PercentDecimalSeparator = "," } };

    public static TheoryData<object, string> Records => new()
    {
        {
            new TemperatureFit(1.5, 0.75, 0.25, 30, RowsLeftOut.None, 7, FitOutcome.Fixed, 0.125),
            "TemperatureFit { Temperature = 1.5, LossBefore = 0.75, LossAfter = 0.25, RowsUsed = 30, RowsLeftOut = none, Iterations = 7, "
            + "Outcome = Fixed, LargestRowShare = 0.125 }"
        },
        {
            new ScalingFit([0.5], [0.25], 1.5, 0.75, 0.5, 3, RowsLeftOut.None, 1, FitOutcome.Fixed, new(5, 0.5, 0.25)),
            "ScalingFit { Weights = 1, Intercepts = 1, Temperature = 1.5, LossBefore = 0.75, LossAfter = 0.5, RowsUsed = 3, "
            + "RowsLeftOut = none, Iterations = 1, Outcome = Fixed, CrossValidation = CrossValidatedLoss { Folds = 5, Calibrator = 0.5, "
            + "Temperature = 0.25 }, MaskDistance = 3.4028235E+38, LargestRowShare = NaN }"
        },
        {
            new IsotonicFit([], 0.5, 0.25, 3, new(0, 2, 1, 0, 0)),
            "IsotonicFit { Curves = 0, LossBefore = 0.5, LossAfter = 0.25, RowsUsed = 3, RowsLeftOut = 2 with a label that is none of the "
            + "classes, 1 with NaN or otherwise unusable scores }"
        },
        {
            new PredictionSetFit(PredictionSetMethod.Lac, 0.5, 0.25, true, false, 0.125, 1, 2, 3, RowsLeftOut.None),
            "PredictionSetFit { Method = Lac, Coverage = 0.5, Threshold = 0.25, Randomized = True, AllowEmpty = False, "
            + "RankPenalty = 0.125, UnpenalizedRanks = 1, Seed = 2, RowsUsed = 3, RowsLeftOut = none }"
        },
        {
            new PredictionSetFit(
                PredictionSetMethod.Aps, 0.5, 0.25, false, true, 0, 1, 2, 3, RowsLeftOut.None, ClassThresholds: [0.25, 0.125]),
            "PredictionSetFit { Method = Aps, Coverage = 0.5, Threshold = 0.25, Randomized = False, AllowEmpty = True, "
            + "RankPenalty = 0, UnpenalizedRanks = 1, Seed = 2, RowsUsed = 3, RowsLeftOut = none, ClassThresholds = [0.25, 0.125] }"
        },
        {
            new ThresholdFit(
                ThresholdGoal.FBeta(0.5), 1, 0.5f, new(0.25, new(0, 1, 0.95)), new(0.75, new(0.5, 1, 0.95)), 0.125, 40, RowsLeftOut.None,
                [default]),
            "ThresholdFit { Goal = highest F0.5, PositiveClass = 1, Threshold = 0.5, Before = FigureWithInterval { Value = 0.25, "
            + "Interval = ConfidenceInterval { Lower = 0, Upper = 1, Level = 0.95 } }, After = FigureWithInterval { Value = 0.75, "
            + "Interval = ConfidenceInterval { Lower = 0.5, Upper = 1, Level = 0.95 } }, RiskBound = 0.125, RowsUsed = 40, "
            + "RowsLeftOut = none, Curve = 1 points }"
        },
        {
            new ThresholdPoint(0.5f, 0.25, 0.75, 0.125, 1.5),
            "ThresholdPoint { Threshold = 0.5, Precision = 0.25, Recall = 0.75, Coverage = 0.125, Cost = 1.5 }"
        },
        { new ConfidenceInterval(0.25, 0.5, 0.95), "ConfidenceInterval { Lower = 0.25, Upper = 0.5, Level = 0.95 }" },
        {
            new ReliabilityBin(0.5, 0.75, 1.5, 0.6, 0.7, default),
            "ReliabilityBin { LowerEdge = 0.5, UpperEdge = 0.75, Weight = 1.5, MeanProbability = 0.6, ObservedFrequency = 0.7, "
            + "Interval = ConfidenceInterval { Lower = 0, Upper = 0, Level = 0 } }"
        },
        { new RiskCoveragePoint(0.5, 0.25, 0.125), "RiskCoveragePoint { Confidence = 0.5, Coverage = 0.25, Risk = 0.125 }" },
        {
            new MetricDifference(HeadlineMetric.LogLoss, 0.5, 0.25, default),
            "MetricDifference { Metric = LogLoss, Before = 0.5, After = 0.25, "
            + "Interval = ConfidenceInterval { Lower = 0, Upper = 0, Level = 0 } }"
        },
        { new CrossEntropyTotal(0.5, 1.5, 3), "CrossEntropyTotal { Loss = 0.5, Weight = 1.5, Rows = 3 }" },
        { ThresholdGoal.BalancedAccuracy, "highest balanced accuracy" },
        { ThresholdGoal.Precision(0.5), "precision of at least 0.5" },
        { ThresholdGoal.Recall(0.25), "recall of at least 0.25" },
        { ThresholdGoal.SelectiveRisk(0.25, delta: 0.25), "selective risk of at most 0.25 with confidence 0.75" },
        { ThresholdGoal.MeanCost(1.5, 2.5), "least mean cost where a false positive costs 1.5 and a false negative 2.5" },
        { ThresholdGoal.MeanCostOfAbstaining(0.25), "least mean cost where a wrong answer costs 1 and no answer 0.25" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void ToString_UnderADecimalComma_HasDecimalPoints(object record, string expected) => UnderGerman(() =>
    {
        Assert.Equal("0,5", $"{0.5}");
        Assert.Equal(expected, record.ToString());
    });

    [Fact]
    public void EveryPublicRecordWithDecimals_PrintsThemItself() =>
        Assert.Empty(CultureOfRecords.PrintedByTheCompiler(typeof(TopK).Assembly));

    [Fact]
    public void Messages_UnderADecimalComma_HaveDecimalPoints() => UnderGerman(() =>
    {
        Refusal.Of<ArgumentException>(() => new ProbabilityBlock([1.5f, 0], 2, [0]), "1.5 is not a probability");
        Refusal.Of<ArgumentException>(() => new ProbabilityBlock([0.5f, 0.5f], 2, [0], [-0.5f]), "-0.5 is not a weight");
        Refusal.Of<ArgumentException>(() => new IsotonicCurve([0.5f], [1.5f]), "has the value 1.5");
        Refusal.Of<InvalidOperationException>(() => PredictionSets.Fit([0.5f, 0.5f], [0], 2), "coverage 0.9 found 1 usable rows");
        Refusal.Of<ArgumentException>(
            () => TemperatureScaling.Fit(Calibration.MadeUpRows.Draw(30, 2, 1).Collect(), new() { ClassWeights = [1, -0.5] }),
            "class 1 is -0.5");
    });

    private static void UnderGerman(Action action)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = German;
        try
        {
            action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
