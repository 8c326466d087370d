namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>What scikit-learn and NumPy compute from the recorded scores of three networks.</summary>
public class ReferenceTests
{
    private const double Tolerance = 1e-6;

    public static TheoryData<string, string> Cases => new()
    {
        { "digits", "all" }, { "digits", "testBefore" }, { "digits", "testAfter" },
        { "cifar10-wideresnet", "all" }, { "cifar10-wideresnet", "testBefore" }, { "cifar10-wideresnet", "testAfter" },
        { "cifar10-vgg16", "all" }, { "cifar10-vgg16", "testBefore" }, { "cifar10-vgg16", "testAfter" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Metrics_OnARealNetwork_AreThoseOfTheReference(string network, string part)
    {
        var recorded = RecordedNetwork.Load(network);
        var all = new PredictionTable(RecordedNetwork.ClassCount, recorded.Probabilities, recorded.Labels);
        var test = part == "all" ? all : all.Rows(Enumerable.Range(recorded.HalfRows, recorded.HalfRows));
        var table = part == "testAfter" ? Scaled(test, recorded.Number("temperature")) : test;

        var classification = ClassificationMetrics.Compute(table.Block);
        var calibration = TopLabelCalibration.Compute(table.Block);
        var topK = TopKAccuracy.Compute(table.Block);
        var measured = new Dictionary<string, double>
        {
            ["accuracy"] = classification.MicroAccuracy,
            ["nll"] = LogLoss.Compute(table.Block).Mean,
            ["brier"] = BrierScore.Compute(table.Block).Mean,
            ["ece15"] = calibration.ExpectedError,
            ["mce15"] = calibration.MaximumError,
            ["adaptiveEce15"] = AdaptiveCalibrationError.Compute(table.Block),
            ["classwiseEce15"] = ClasswiseCalibration.Compute(table.Block).ExpectedError,
            ["top3"] = topK[2],
            ["top5"] = topK[4],
            ["macroF1"] = classification.MacroF1,
            ["balancedAccuracy"] = classification.MacroAccuracy,
            ["matthews"] = classification.MatthewsCorrelation,
            ["cohenKappa"] = classification.CohenKappa,
            ["macroRocAucOvr"] = RocAuc.Macro(RocAuc.Compute(table.Block)),
        };

        var expected = recorded.Metrics(part);
        Assert.Equal(expected.Keys.Order(), measured.Keys.Order());
        Assert.All(expected, entry => Assert.Equal(entry.Value, measured[entry.Key], Tolerance));
    }

    /// <summary>p^(1/T), renormalised, in double precision.</summary>
    private static PredictionTable Scaled(PredictionTable table, double temperature)
    {
        var scaled = Enumerable.Range(0, table.RowCount).SelectMany(row =>
        {
            var powers = table.Row(row).Select(p => Math.Pow(Math.Max(p, LogLoss.SmallestProbability), 1 / temperature)).ToArray();
            var sum = powers.Sum();
            return powers.Select(power => (float)(power / sum));
        });
        return table with { Probabilities = [.. scaled] };
    }
}
