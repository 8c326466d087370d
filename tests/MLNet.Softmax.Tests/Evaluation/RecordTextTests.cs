using System.Globalization;
using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>The records of evaluations as text: every figure under its name, with decimal points in any culture.</summary>
public sealed class RecordTextTests
{
    private static readonly CultureInfo German = new("") { NumberFormat = { NumberDecimalSeparator = "," } };

    private static readonly ConfidenceInterval Interval = new(0.25, 0.75, 0.95);

    private const string IntervalText = "ConfidenceInterval { Lower = 0.25, Upper = 0.75, Level = 0.95 }";

    private static readonly ThresholdFit Fit = new(
        ThresholdGoal.FBeta(0.5), 1, 0.5f, new(0.25, Interval), new(0.75, Interval), null, 40, RowsLeftOut.None, []);

    public static TheoryData<object, string> Records => new()
    {
        {
            new ClassDecisions("hot dog", 7, 3, new(0.5, Interval), new(0.125, Interval)),
            $"ClassDecisions {{ Name = hot dog, Rows = 7, Decisions = 3, Precision = {Figure("0.5")}, Recall = {Figure("0.125")} }}"
        },
        {
            new DecisionMetrics(
                new(0.5, Interval), new(0.625, Interval), new(1.5, Interval), 12, new(3, 0, 0, 0, 0), Fit,
                [new("a", 1, 2, new(0.1, Interval), new(0.2, Interval)), new("b", 3, 4, new(0.3, Interval), new(0.4, Interval))]),
            $"DecisionMetrics {{ Accuracy = {Figure("0.5")}, Coverage = {Figure("0.625")}, MeanCost = {Figure("1.5")}, RowsUsed = 12, "
            + $"RowsLeftOut = 3 without a label, OverThresholds = {Fit}, Classes = ["
            + $"ClassDecisions {{ Name = a, Rows = 1, Decisions = 2, Precision = {Figure("0.1")}, Recall = {Figure("0.2")} }}, "
            + $"ClassDecisions {{ Name = b, Rows = 3, Decisions = 4, Precision = {Figure("0.3")}, Recall = {Figure("0.4")} }}] }}"
        },
        {
            new PredictionSetMetrics(0.5, Interval, 1.5, 12, RowsLeftOut.None, [new("a", 7, 0.125, Interval, 2.5)]),
            $"PredictionSetMetrics {{ Coverage = 0.5, CoverageInterval = {IntervalText}, MeanSize = 1.5, RowsUsed = 12, "
            + $"RowsLeftOut = none, Classes = [ClassPredictionSets {{ Name = a, Rows = 7, Coverage = 0.125, "
            + $"CoverageInterval = {IntervalText}, MeanSize = 2.5 }}] }}"
        },
        {
            new EvaluatedRow(9, "nine.jpg", 1, 2, 0.5f, 0.25f),
            "EvaluatedRow { RowId = 9, RowName = nine.jpg, Label = 1, Predicted = 2, Confidence = 0.5, LabelProbability = 0.25 }"
        },
        {
            new TrainingProgress(2, 9, 0.5, 0.25, 0.125),
            "TrainingProgress { Epoch = 2, EpochCount = 9, TrainingLoss = 0.5, ValidationLoss = 0.25, ValidationAccuracy = 0.125 }"
        },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void ToString_UnderADecimalComma_HasAllFiguresWithDecimalPoints(object record, string expected)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = German;
        try
        {
            Assert.Equal("0,5", $"{0.5}");
            Assert.Equal(expected, record.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void EveryPublicRecordWithDecimals_PrintsThemItself() =>
        Assert.Empty(CultureOfRecords.PrintedByTheCompiler(typeof(EvaluatedRow).Assembly));

    private static string Figure(string value) => $"FigureWithInterval {{ Value = {value}, Interval = {IntervalText} }}";
}
