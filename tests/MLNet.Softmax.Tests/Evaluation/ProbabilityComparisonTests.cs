using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

public class ProbabilityComparisonTests
{
    private static readonly string[] Names = ["cat", "dog", "emu", "fox"];
    private static readonly BootstrapOptions Fast = new() { Resamples = 100 };

    [Fact]
    public void Compare_OverconfidentWithCalibrated_FindsTheLossRealAndTheAccuracyNot()
    {
        var before = Evaluate(RandomRows.Draw(1, 2000, 4, sharpness: 4f));
        var after = Evaluate(RandomRows.Draw(1, 2000, 4, sharpness: 1f));
        var comparison = ProbabilityMetrics.Compare(before, after, Fast);

        Assert.Equal(2000, comparison.Rows);
        Assert.True(comparison[HeadlineMetric.LogLoss].IsImprovement);
        Assert.True(comparison[HeadlineMetric.ExpectedCalibrationError].IsImprovement);
        Assert.False(comparison[HeadlineMetric.MicroAccuracy].IsReal);
        Assert.Equal(before.LogLoss, comparison[HeadlineMetric.LogLoss].Before, 1e-12);
        Assert.Equal(after.LogLoss, comparison[HeadlineMetric.LogLoss].After, 1e-12);
        var text = comparison.ToString();
        Assert.Contains("2000 rows in common; 100 paired resamples, seed 1", text);
        Assert.Contains("better", text);
        Assert.Contains("no real difference", text);
        Assert.True(ProbabilityMetrics.Compare(after, before, Fast)[HeadlineMetric.LogLoss] is { IsReal: true, IsImprovement: false });
    }

    [Fact]
    public void Compare_EvaluationsOfDifferentRows_UsesThoseInCommon()
    {
        var rows = RandomRows.Draw(2, 100, 3);
        var comparison = ProbabilityMetrics.Compare(Evaluate(rows, 0, 80), Evaluate(rows, 30, 100), Fast);

        Assert.Equal((50, 30, 20), (comparison.Rows, comparison.RowsOnlyBefore, comparison.RowsOnlyAfter));
        Assert.All(comparison.Differences, difference => Assert.Equal(0, difference.Difference));
        Assert.Contains("30 only before, 20 only after", comparison.ToString());
    }

    [Fact]
    public void Compare_RowsInAnotherOrder_MatchesThemById()
    {
        var options = new ProbabilityEvaluationOptions { KeepRows = true };
        ProbabilityMetrics Of(float[] probabilities, int[] labels, ulong[] ids)
        {
            var evaluator = new ProbabilityEvaluator(["cat", "dog"], options);
            evaluator.Add(new ProbabilityBlock(probabilities, 2, labels), ids);
            return evaluator.ToMetrics();
        }

        var sorted = Of([0.9f, 0.1f, 0.2f, 0.8f, 0.6f, 0.4f], [0, 0, 1], [1, 2, 3]);
        var turned = Of([0.2f, 0.8f, 0.9f, 0.1f, 0.6f, 0.4f], [0, 0, 1], [2, 1, 3]);
        var falling = Of([0.6f, 0.4f, 0.2f, 0.8f, 0.9f, 0.1f], [1, 0, 0], [3, 2, 1]);
        Assert.All([turned, falling], other =>
        {
            var comparison = ProbabilityMetrics.Compare(sorted, other, Fast);
            Assert.Equal((3, 0, 0), (comparison.Rows, comparison.RowsOnlyBefore, comparison.RowsOnlyAfter));
            Assert.All(comparison.Differences, difference => Assert.Equal(0, difference.Difference));
        });
    }

    /// <summary>Kept rows fill one chunk of memory after another, and batches end anywhere in them.</summary>
    [Fact]
    public void Compare_TheSameRowsInBatchesOfAnySize_MatchesThemById()
    {
        var rows = RandomRows.Draw(4, 300, 3);
        var evaluator = new ProbabilityEvaluator(Names[..3]);
        for (int start = 0, size = 1; start < 300; start += size, size = Math.Min((size * 5 % 37) + 1, 300 - start))
            evaluator.Add(rows.Block.Slice(start, size), [.. Enumerable.Range(start, size).Select(row => (ulong)row)]);
        var comparison = ProbabilityMetrics.Compare(Evaluate(rows), evaluator.ToMetrics(), Fast);

        Assert.Equal((300, 0, 0), (comparison.Rows, comparison.RowsOnlyBefore, comparison.RowsOnlyAfter));
        Assert.All(comparison.Differences, difference => Assert.Equal(0, difference.Difference));
    }

    [Fact]
    public void Compare_WhatCannotBeCompared_IsRefused()
    {
        var rows = RandomRows.Draw(3, 100, 3);
        var metrics = Evaluate(rows, 0, 50);

        var other = rows with { Labels = [.. rows.Labels.Select(label => (label + 1) % 3)] };
        var twice = new ProbabilityEvaluator(Names[..3]);
        twice.Add(rows.Block.Slice(0, 2), [7, 7]);

        Refuses(metrics, Evaluate(rows, 50, 100), "no row in common");
        Refuses(metrics, Evaluate(RandomRows.Draw(3, 100, 4)), "different classes");
        Refuses(metrics, Evaluate(rows, 0, 50, new() { CalibrationBins = new BinLayout(10) }), "different bins");
        Refuses(metrics, Evaluate(other, 0, 50), "row 0 has label");
        Refuses(twice.ToMetrics(), metrics, "the id 7 stands for several rows");
        Refuses(metrics, twice.ToMetrics(), "the id 7 stands for several rows");

        static void Refuses(ProbabilityMetrics before, ProbabilityMetrics after, string message) =>
            Refusal.Of<ArgumentException>(() => ProbabilityMetrics.Compare(before, after, Fast), message);
    }

    private static ProbabilityMetrics Evaluate(
        RandomRows rows, int start = 0, int? end = null, ProbabilityEvaluationOptions? options = null)
    {
        var count = (end ?? rows.Labels.Length) - start;
        var evaluator = new ProbabilityEvaluator(Names[..rows.ClassCount], options);
        evaluator.Add(rows.Block.Slice(start, count), [.. Enumerable.Range(start, count).Select(row => (ulong)row)]);
        return evaluator.ToMetrics();
    }
}
