using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation.Report;

public class LargestConfusionsTests
{
    [Fact]
    public void Of_GivesTheHeaviestCellsOffTheDiagonal_InOrder()
    {
        var metrics = ReportSample.Evaluate(8, rows: 500);
        var table = metrics.Confusion!;
        var naive = from label in Enumerable.Range(0, 8)
                    from predicted in Enumerable.Range(0, 8)
                    where label != predicted && table[label, predicted] > 0
                    orderby table[label, predicted] descending, label, predicted
                    let count = table[label, predicted]
                    select new ClassConfusion(label, predicted, count, count / table.Row(label).ToArray().Sum());
        Assert.Equal(naive.Take(12), LargestConfusions.Of(table, 12));
    }

    [Fact]
    public void MostMistakenClasses_KeepTheirOrder()
    {
        int[] labels = [0, 1, 2, 3, 3, 3];
        float[] probabilities = new float[labels.Length * 5];
        int[] predicted = [0, 1, 4, 4, 4, 1];
        for (int row = 0; row < labels.Length; row++)
            probabilities[row * 5 + predicted[row]] = 1;
        var evaluator = new ProbabilityEvaluator(["a", "b", "c", "d", "e"]);
        evaluator.Add(new ProbabilityBlock(probabilities, 5, labels));
        Assert.Equal([3, 4], LargestConfusions.MostMistakenClasses(evaluator.ToMetrics().Confusion!, 2));
    }
}
