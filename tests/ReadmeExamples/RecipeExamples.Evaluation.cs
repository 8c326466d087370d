using Microsoft.ML;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;

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

        #region evaluate
        var before = mlContext.MulticlassClassification.EvaluateProbabilities(plain);
        var after = mlContext.MulticlassClassification.EvaluateProbabilities(calibrated);
        Console.WriteLine(ProbabilityMetrics.Compare(before, after));
        after.SaveReport("report.html", new() { Before = before });
        new ReliabilityDiagram(after) { Title = "After calibration", Theme = ChartTheme.Dark }.SaveSvg("reliability.svg");
        #endregion

        foreach (var file in new[] { "report.html", "reliability.svg" })
        {
            Assert.Contains("svg", File.ReadAllText(file));
            File.Delete(file);
        }
    }
}
