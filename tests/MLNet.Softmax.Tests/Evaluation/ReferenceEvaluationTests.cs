using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Data;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Tests.Evaluation;

public class ReferenceEvaluationTests
{
    [Theory]
    [InlineData("cifar10-wideresnet")]
    [InlineData("cifar10-vgg16")]
    public void Evaluate_OfARealNetwork_GivesTheReferencesFigures(string network)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Repository.SharedData("references.json")));
        var expected = document.RootElement.GetProperty(network).GetProperty("all");
        var lines = File.ReadAllLines(Repository.SharedData($"{network}.csv")).Skip(1)
            .Select(line => line.Split(',').Select(field => float.Parse(field, CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var data = new MemoryView().WithScores("Probability", [10], [.. lines.Select(line => line[1..])])
            .With("Label", NumberDataViewType.Single, [.. lines.Select(line => line[0])]);
        var metrics = EvaluatedViews.Evaluate(data);
        (string Name, double Value)[] measured =
        [
            ("accuracy", metrics.MicroAccuracy), ("nll", metrics.LogLoss), ("brier", metrics.BrierScore), ("ece15", metrics.ExpectedCalibrationError),
            ("mce15", metrics.MaximumCalibrationError), ("adaptiveEce15", metrics.AdaptiveCalibrationError!.Value),
            ("classwiseEce15", metrics.ClasswiseCalibrationError), ("top3", metrics.TopKAccuracy[2]), ("top5", metrics.TopKAccuracy[4]),
            ("macroF1", metrics.MacroF1), ("balancedAccuracy", metrics.MacroAccuracy), ("matthews", metrics.MatthewsCorrelation),
            ("cohenKappa", metrics.CohenKappa), ("macroRocAucOvr", metrics.MacroRocAuc!.Value),
        ];

        Assert.Equal(expected.EnumerateObject().Count(), measured.Length);
        Assert.All(measured, figure => Assert.Equal(expected.GetProperty(figure.Name).GetDouble(), figure.Value, 1e-6));
    }
}
