using Microsoft.ML;
using MLNet.Softmax.Evaluation;

namespace ReadmeExamples;

public partial class RecipeExamples
{
    [Fact]
    public void Evaluation_WithReportAndComparison()
    {
        var trained = Snacks.Trainer(mlContext).Fit(train);
        var plain = trained.Append(mlContext.Transforms.Softmax("Probability", "Score").Fit(trained.Transform(heldOut))).Transform(test);
        var temperature = mlContext.MulticlassClassification.Calibrators.Temperature().Fit(trained.Transform(heldOut));
        var calibrated = trained.Append(temperature).Transform(test);
        var report = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");

        #region evaluate
        var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain);
        var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrated);
        Console.WriteLine(ProbabilityMetrics.Compare(before, after));
        after.SaveReport(report);
        #endregion

        Assert.True(File.Exists(report));
        File.Delete(report);
    }
}
