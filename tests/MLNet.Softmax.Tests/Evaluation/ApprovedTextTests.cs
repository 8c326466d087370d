using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Tests.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>Whole texts that people read.</summary>
public class ApprovedTextTests
{
    [Fact]
    public void Metrics_OnTheConsole()
    {
        var evaluator = new ProbabilityEvaluator(["cat", "dog", "emu", "a name that is longer than its column is wide"]);
        var rows = RandomRows.Draw(11, 300, 4);
        evaluator.Add(new ProbabilityBlock(rows.Probabilities, 4, rows.Labels, [.. rows.Labels.Select(label => label + 0.5f)]));
        evaluator.Add(new ProbabilityBlock([0, 0.5f, 0.502f, 0, 1, 0, 0, 0], 4, [0, 0], [1, 2]));
        evaluator.LeaveOut(new RowsLeftOut(3, 2, 1, 4, 5));
        var text = evaluator.ToMetrics().ToString();
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Approve("metrics", text);
    }

    [Fact]
    public void Metrics_OfFewRowsWithLongNamesAndWarnings()
    {
        // The longest name and the longest line that fit, and the first that do not.
        string[] names = [new('a', 23), new('b', 24), new('c', 30)];
        var evaluator = new ProbabilityEvaluator(names);
        evaluator.Add(new ProbabilityBlock([0.5f, 0.25f, 0.25f, 0.25f, 0.75f, 0, 0, 0.125f, 0.875f, 0, 0, 1], 3, [0, 1, 2, 1]));
        evaluator.Warnings.AddRange([new('w', 94), new('x', 95), $"{new('y', 47)} {new('y', 46)} z", $"{new('y', 47)} {new('y', 47)}"]);
        Approve("metrics-with-long-names", $"{evaluator.ToMetrics()}");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(20)]
    public void Metrics_OfClasses_ShowTheRanksBelowTheirNumber(int classCount)
    {
        var lines = $"{ReportSample.Evaluate(classCount, 400)}".Split('\n');
        Assert.Equal(
            ((int[])[2, 3, 5, 10]).Where(k => k < classCount).Select(k => $"Top-{k} accuracy"),
            lines.Where(line => line.StartsWith("Top-", StringComparison.Ordinal)).Select(line => line[..15].TrimEnd()));
        Assert.Equal(classCount, lines.Count(line => line.StartsWith("class ", StringComparison.Ordinal) && char.IsDigit(line[6])));
    }

    [Fact]
    public void Metrics_OfManyClassesWithoutOptionalFigures_ShowThoseOfTheLowestF1() =>
        Approve("metrics-of-many-classes", $"{ReportSample.Evaluate(25, 400, options: ProbabilityEvaluationOptions.Streaming())}");

    [Fact]
    public void Metrics_WithBootstrap() => Approve("metrics-with-bootstrap",
        $"{ReportSample.Evaluate(2, 200, options: new() { Bootstrap = new() { Resamples = 50, ConfidenceLevel = 0.9 } })}");

    [Fact]
    public void Comparison_OnTheConsole() => Approve("comparison", $"{Compared(4, out _)}");

    [Fact]
    public void Report_OfManyClasses()
    {
        // More classes than bars, and more confusions than rows of their table.
        var names = Enumerable.Range(0, 14).Select(index => $"class {index}");
        var evaluator = new ProbabilityEvaluator(names, new() { ConfidentMistakes = 3 });
        evaluator.Add(RandomRows.Draw(14, 700, 14).Block);
        evaluator.LeaveOut(new RowsLeftOut(3, 2, 1, 4, 5));
        Approve("report-of-many-classes", MarkupText.Of(evaluator.ToMetrics().Parse()));
    }

    [Fact]
    public void Report_OfWeightedRows_WithFewFigures()
    {
        // Impossible and rounded rows, no matrix, no areas, every reason to leave rows out.
        var evaluator = new ProbabilityEvaluator(
            ["cat", "dog", "emu"], new() { RocAuc = false, AdaptiveCalibration = false, LargestConfusionMatrix = 2 });
        evaluator.Add(new ProbabilityBlock(
            [0, 1, 0, 0.5f, 0.25f, 0.25f, 0.25f, 0.75f, 0, 0.125f, 0.127f, 0.75f, 0.25f, 0.5f, 0.25f], 3, [0, 0, 1, 2, 0],
            [1, 2.5f, 1, 3, 0.5f]));
        evaluator.LeaveOut(new RowsLeftOut(1, 2, 3, 4, 5, 6));
        Approve("report-of-weighted-rows", MarkupText.Of(evaluator.ToMetrics().Parse()));
    }

    [Fact]
    public void Report_OfTwoClassesWithoutMistakes()
    {
        var evaluator = new ProbabilityEvaluator(["cat", "dog"], new() { ConfidenceLevel = 0.9 });
        evaluator.Add(new ProbabilityBlock([0.75f, 0.25f, 0.25f, 0.75f, 0.5f, 0.5f], 2, [0, 1, 0]));
        Approve("report-without-mistakes", MarkupText.Of(evaluator.ToMetrics().Parse()));
    }

    [Fact]
    public void Report_WithoutRows() =>
        Approve("report-without-rows", MarkupText.Of(new ProbabilityEvaluator(["cat", "dog", "emu"]).ToMetrics().Parse()));

    [Fact]
    public void Report_OfDecisions()
    {
        var (metrics, options) = DecisionSectionTests.Sample(new MLContext(1), ThresholdGoal.FBeta(2), "b");
        Approve("report-of-decisions", MarkupText.Of(metrics.Parse(options)));
    }

    [Fact]
    public void Report_OfAComparison_WithPictures()
    {
        var comparison = Compared(3, out var metrics);
        Approve("report-of-a-comparison", MarkupText.Of(metrics[1].Parse(new ProbabilityReportOptions
        {
            Title = "After calibration",
            Subtitle = "of three classes",
            Before = metrics[0],
            Comparison = comparison,
            Image = name => name.Contains('7') ? null : [0xFF, 0xD8, 0xFF],
        })));
    }

    private static ProbabilityComparison Compared(int classCount, out ProbabilityMetrics[] metrics)
    {
        metrics = [.. ((float[])[4, 1]).Select(sharpness => Part(sharpness))];
        return ProbabilityMetrics.Compare(metrics[0], metrics[1], new BootstrapOptions { Resamples = 100, ConfidenceLevel = 0.9 });

        ProbabilityMetrics Part(float sharpness)
        {
            var rows = RandomRows.Draw(5, 1200, classCount, sharpness);
            var evaluator = new ProbabilityEvaluator(
                Enumerable.Range(0, classCount).Select(index => $"class {index}"), new() { ConfidentMistakes = 2, DoubtfulRows = 2 });
            var (start, count) = sharpness > 1 ? (0, 1180) : (10, 1190);
            ulong[] ids = [.. Enumerable.Range(start, count).Select(row => (ulong)row)];
            evaluator.Add(rows.Block.Slice(start, count), ids, [.. ids.Select(id => $"{id}.jpg".AsMemory())]);
            return evaluator.ToMetrics();
        }
    }

    private static void Approve(string name, string text) => ApprovedText.Check($"MLNet.Softmax.Tests/Evaluation/Approved/{name}", text);
}
