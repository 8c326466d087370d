using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>What the options of an evaluation keep, compute and leave out.</summary>
public class EvaluationOptionsTests
{
    [Fact]
    public void Streaming_LeavesOutWhatNeedsTheRows()
    {
        var options = ProbabilityEvaluationOptions.Streaming();
        options.LargestConfusionMatrix = 3;
        var metrics = RandomRows.Draw(4, 100, 4).Evaluate(options);

        Assert.Null(metrics.MacroRocAuc);
        Assert.Null(metrics.AdaptiveCalibrationError);
        Assert.Null(metrics.Classes[0].RocAuc);
        Assert.Null(metrics.Confusion);
        Refusal.Of<ArgumentException>(() => ProbabilityMetrics.Compare(metrics, metrics), "KeepRows");
    }

    /// <summary>Rows are kept for each of the three figures that need them, and compared only if they may be.</summary>
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, true, true)]
    public void Options_KeepTheRowsThatTheyNeed(bool keepsRows, bool isAdaptive, bool hasBootstrap)
    {
        var metrics = RandomRows.Draw(4, 50, 3).Evaluate(new()
        {
            KeepRows = keepsRows,
            AdaptiveCalibration = isAdaptive,
            Bootstrap = hasBootstrap ? new() { Resamples = 5 } : null,
        });
        Assert.Equal(isAdaptive, metrics.AdaptiveCalibrationError is not null);
        Assert.Equal(hasBootstrap, metrics.IntervalOf(HeadlineMetric.MacroF1) is not null);
        if (keepsRows)
            Assert.Equal(50, ProbabilityMetrics.Compare(metrics, metrics, new() { Resamples = 5 }).Rows);
        else
            Refusal.Of<ArgumentException>(() => ProbabilityMetrics.Compare(metrics, metrics), "KeepRows");
    }

    [Fact]
    public void Options_AtTheirLimits()
    {
        var options = new ProbabilityEvaluationOptions
        {
            ConfidentMistakes = 0,
            DoubtfulRows = 0,
            LargestConfusionMatrix = 0,
            MaxDegreeOfParallelism = 1,
        };
        options.LargestConfusionMatrix = ConfusionTable.MostClasses;
        options.MaxDegreeOfParallelism = -1;
        Refusal.Of<ArgumentOutOfRangeException>(() => options.ConfidentMistakes = -1, "Expected 0 or more mistakes.");
        Refusal.Of<ArgumentOutOfRangeException>(() => options.DoubtfulRows = -1, "Expected 0 or more rows.");
        Refusal.Of<ArgumentOutOfRangeException>(() => options.LargestConfusionMatrix = -1, "Expected 0 to");
        Refusal.Of<ArgumentOutOfRangeException>(() => options.LargestConfusionMatrix = ConfusionTable.MostClasses + 1, "Expected 0 to");
        Assert.Equal((0, 0, ConfusionTable.MostClasses), (options.ConfidentMistakes, options.DoubtfulRows, options.LargestConfusionMatrix));
    }

    [Fact]
    public void Results_AreNotChangedByLaterOptionsAndRows()
    {
        var rows = RandomRows.Draw(8, 200, 4);
        var options = new ProbabilityEvaluationOptions { Bootstrap = new() { Resamples = 20 } };
        var evaluator = new ProbabilityEvaluator(RandomRows.ClassNames, options);
        options.Bootstrap.Resamples = 30;
        options.ConfidentMistakes = 0;
        evaluator.Add(rows.Block, [.. Enumerable.Range(0, 200).Select(row => (ulong)(200 - row))]);
        var metrics = evaluator.ToMetrics();
        string Shown() => $"{metrics} {metrics.Confusion![1, 2]} {ProbabilityMetrics.Compare(metrics, metrics, new() { Resamples = 20 })}";
        var before = Shown();
        evaluator.Add(rows.Block, [.. Enumerable.Range(0, 200).Select(row => 500 + (ulong)row)]);
        evaluator.ToMetrics();

        Assert.Contains("20 resamples", metrics.IntervalMethod);
        Assert.Equal(20, metrics.ConfidentMistakes.Count);
        Assert.Equal(before, Shown());
    }
}
