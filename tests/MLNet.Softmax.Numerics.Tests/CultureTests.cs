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
        { new TemperatureFit(1.5, 0.75, 0.25, 30, RowsLeftOut.None, 7, FitOutcome.Fixed, 0.125), "Temperature = 1.5, LossBefore = 0.75" },
        {
            new ScalingFit([0.5], [0.25], 1.5, 0.75, 0.5, 3, RowsLeftOut.None, 1, FitOutcome.Fixed, new(5, 0.5, 0.25)),
            "CrossValidation = CrossValidatedLoss { Folds = 5, Calibrator = 0.5, Temperature = 0.25 }"
        },
        { new IsotonicFit([], 0.5, 0.25, 3, RowsLeftOut.None), "LossBefore = 0.5" },
        {
            new PredictionSetFit(PredictionSetMethod.Lac, 0.5, 0.25, true, false, 0.125, 1, 2, 3, RowsLeftOut.None),
            "Coverage = 0.5, Threshold = 0.25"
        },
        { new ConfidenceInterval(0.25, 0.5, 0.95), "ConfidenceInterval { Lower = 0.25, Upper = 0.5, Level = 0.95 }" },
        { new ReliabilityBin(0.5, 0.75, 1.5, 0.6, 0.7, default), "LowerEdge = 0.5" },
        { new RiskCoveragePoint(0.5, 0.25, 0.125), "RiskCoveragePoint { Confidence = 0.5, Coverage = 0.25, Risk = 0.125 }" },
        { new MetricDifference(HeadlineMetric.LogLoss, 0.5, 0.25, default), "Before = 0.5, After = 0.25" },
        { new CrossEntropyTotal(0.5, 1.5, 3), "CrossEntropyTotal { Loss = 0.5, Weight = 1.5, Rows = 3 }" },
    };

    [Theory]
    [MemberData(nameof(Records))]
    public void ToString_UnderADecimalComma_HasDecimalPoints(object record, string expected) => UnderGerman(() =>
    {
        Assert.Equal("0,5", $"{0.5}");
        Assert.Contains(expected, record.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("0,5", record.ToString(), StringComparison.Ordinal);
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
