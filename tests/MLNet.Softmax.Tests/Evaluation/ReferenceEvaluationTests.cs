namespace MLNet.Softmax.Tests.Evaluation;

public class ReferenceEvaluationTests
{
    [Theory]
    [InlineData("digits")]
    [InlineData("cifar10-wideresnet")]
    [InlineData("cifar10-vgg16")]
    public void Evaluate_OfARealNetwork_GivesTheReferencesFigures(string network)
    {
        var recorded = RecordedNetwork.Load(network);
        var expected = recorded.Metrics("all");
        var data = new MemoryView().WithScores("Probability", [10], [.. recorded.Probabilities.Chunk(10)])
            .With("Label", NumberDataViewType.Single, [.. recorded.Labels.Select(label => (float)label)]);
        var metrics = EvaluatedViews.Evaluate(data);
        (string Name, double Value)[] measured =
        [
            ("accuracy", metrics.MicroAccuracy), ("nll", metrics.LogLoss), ("brier", metrics.BrierScore),
            ("ece15", metrics.ExpectedCalibrationError), ("mce15", metrics.MaximumCalibrationError),
            ("adaptiveEce15", metrics.AdaptiveCalibrationError!.Value),
            ("classwiseEce15", metrics.ClasswiseCalibrationError), ("top3", metrics.TopKAccuracy[2]), ("top5", metrics.TopKAccuracy[4]),
            ("macroF1", metrics.MacroF1), ("balancedAccuracy", metrics.MacroAccuracy), ("matthews", metrics.MatthewsCorrelation),
            ("cohenKappa", metrics.CohenKappa), ("macroRocAucOvr", metrics.MacroRocAuc!.Value),
        ];

        Assert.Equal(expected.Count, measured.Length);
        Assert.All(measured, figure => Assert.Equal(expected[figure.Name], figure.Value, 1e-6));
    }
}
