using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Numerics.Metrics;

namespace ReadmeExamples;

public class ArrayExamples
{
    [Fact]
    public void Evaluation_OfArrays()
    {
        float[] probabilities = [0.7f, 0.2f, 0.1f, 0.1f, 0.8f, 0.1f, 0.5f, 0.3f, 0.2f];
        int[] labels = [0, 1, 2];

        #region arrays
        // float[] probabilities, row after row, and int[] labels
        var evaluator = new ProbabilityEvaluator(["cat", "dog", "fox"]);
        evaluator.Add(new ProbabilityBlock(probabilities, classCount: 3, labels));
        var metrics = evaluator.ToMetrics();
        Console.WriteLine(metrics);
        new ConfusionHeatMap(metrics).SaveSvg("confusion.svg");
        #endregion

        Assert.Equal(2 / 3.0, metrics.MicroAccuracy, 1e-12);
        Assert.StartsWith("<svg", File.ReadAllText("confusion.svg"));
        File.Delete("confusion.svg");
    }
}
