using System.Globalization;
using MLNet.Softmax.Evaluation;

namespace MLNet.Softmax.Tests.Evaluation;

public class ProbabilityEvaluatorTests
{
    private static readonly string[] Names = RandomRows.ClassNames;

    [Fact]
    public void Evaluation_References_NoMLNet() => Assert.DoesNotContain(
        typeof(ProbabilityEvaluator).Assembly.GetReferencedAssemblies(),
        name => name.Name!.StartsWith("Microsoft.ML", StringComparison.Ordinal));

    [Fact]
    public void Figures_OfBlocks_AreThoseOfTheNumericMetrics()
    {
        var rows = RandomRows.Draw(1, 1000, 4);
        var metrics = rows.Evaluate();

        Assert.Equal(1000, metrics.RowsUsed);
        Assert.Equal(0, metrics.RowsLeftOut.Total);
        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Assert.Equal(rows.Headline[(int)metric], metrics[metric], 1e-12));
        Assert.Equal(TopKAccuracy.Compute(rows.Block), metrics.TopKAccuracy);
        Assert.Equal(RocAuc.Compute(rows.Block), metrics.Classes.Select(one => one.RocAuc!.Value));
        Assert.Equal(AdaptiveCalibrationError.Compute(rows.Block), metrics.AdaptiveCalibrationError!.Value, 1e-12);
        Assert.Equal(ClasswiseCalibration.Compute(rows.Block).ExpectedError, metrics.ClasswiseCalibrationError, 1e-12);
        Assert.Equal(ConfusionTable.Compute(rows.Block)[1, 2], metrics.Confusion![1, 2]);
        Assert.Equal(1000, metrics.Classes.Sum(one => one.Weight));
        Assert.Equal(Names, metrics.Classes.Select(one => one.Name));
    }

    [Fact]
    public void Merge_OfShares_GivesTheSameFiguresInAnyOrder()
    {
        var rows = RandomRows.Draw(2, 2000, 4);
        var whole = rows.Evaluate();
        var ids = Enumerable.Range(0, 2000).Select(row => (ulong)row).ToArray();
        int[] cuts = [1300, 2000, 0, 700];
        var evaluator = new ProbabilityEvaluator(Names);
        for (var share = 0; share < cuts.Length; share++)
        {
            var start = cuts[share];
            var end = cuts.Where(cut => cut > start).DefaultIfEmpty(start).Min();
            var part = new ProbabilityEvaluator(Names);
            part.Add(rows.Block.Slice(start, end - start), ids.AsSpan(start, end - start));
            evaluator.Merge(part);
        }

        var merged = evaluator.ToMetrics();
        EvaluatedViews.AssertSameHeadline(whole, merged);
        Assert.Equal(whole.AdaptiveCalibrationError, merged.AdaptiveCalibrationError);
        Assert.Equal(whole.MacroRocAuc, merged.MacroRocAuc);
        Assert.Equal(whole.ConfidentMistakes, merged.ConfidentMistakes);
        Assert.Equal(whole.DoubtfulRows, merged.DoubtfulRows);
    }

    [Fact]
    public void Intervals_OfRowsThatAreAllButImpossible_StayInTheRangeOfTheirFigure()
    {
        // Two of four rows are given probability 0: a mean loss of 43.7 with a standard error of 25.2.
        float[] probabilities = [1, 0, 1, 0, 1, 0, 1, 0];
        var evaluator = new ProbabilityEvaluator(["cat", "dog"]);
        evaluator.Add(new ProbabilityBlock(probabilities, 2, [0, 0, 1, 1]));
        var metrics = evaluator.ToMetrics();

        Assert.Equal(2, metrics.ImpossibleRows);
        Assert.Equal(2 * -Math.Log(1.17549435e-38) / 4, metrics.LogLoss, 1e-5);
        Assert.Equal(0, metrics.IntervalOf(HeadlineMetric.LogLoss)!.Value.Lower);
        Assert.Equal((0, 2), metrics.IntervalOf(HeadlineMetric.BrierScore) is { } brier ? (brier.Lower, brier.Upper) : default);
        Assert.Contains("probability 0: 2; each counts with a log-loss of 87.3", metrics.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RowsInAnyOrder_GiveTheSameFiguresOfSortedRows()
    {
        var rows = RandomRows.Draw(7, 600, 4, sharpness: 0);
        var order = Enumerable.Range(0, 600).ToArray();
        new Random(7).Shuffle(order);
        var shuffled = new RandomRows(4, [.. order.SelectMany(rows.Row)], [.. order.Select(row => rows.Labels[row])]);
        var evaluator = new ProbabilityEvaluator(Names);
        evaluator.Add(shuffled.Block, [.. order.Select(row => (ulong)row)]);

        // All confidences tie: all rows share a bin, and of the mistakes those of the lowest ids are listed.
        Assert.Equal(rows.Evaluate().AdaptiveCalibrationError, evaluator.ToMetrics().AdaptiveCalibrationError);
        Assert.Equal(rows.Evaluate().ConfidentMistakes, evaluator.ToMetrics().ConfidentMistakes);
        Assert.Equal(rows.Evaluate().DoubtfulRows, evaluator.ToMetrics().DoubtfulRows);
    }

    /// <summary>What is counted beside the figures, in any order of merging, and after saving.</summary>
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 0, 2)]
    public void Merge_OfRoundedAndWeightedRows_CountsThem(params int[] order)
    {
        ProbabilityEvaluator Part(int part)
        {
            var evaluator = new ProbabilityEvaluator(["cat", "dog"]);
            float[] probabilities = part switch { 0 => [0.5f, 0.502f, 0.25f, 0.75f], 1 => [0.5f, 0.499f], _ => [0.25f, 0.75f] };
            var labels = new int[probabilities.Length / 2];
            evaluator.Add(new ProbabilityBlock(probabilities, 2, labels, part == 1 ? [2.5f] : []));
            // Rows without weights after rows with some.
            evaluator.Add(new ProbabilityBlock([1, 0], 2, [0]));
            evaluator.LeaveOut(new(part, 0, 1, 0, 0));
            return evaluator;
        }

        var merged = Part(order[0]);
        merged.Merge(Part(order[1]));
        merged.Merge(SavedEvaluationTests.Loaded(SavedEvaluationTests.Saved(Part(order[2]))));
        var metrics = SavedEvaluationTests.Loaded(SavedEvaluationTests.Saved(merged)).ToMetrics();
        Assert.Equal((7, 2, true), (metrics.RowsUsed, metrics.RowsRenormalized, metrics.IsWeighted));
        Assert.Equal(
            ["Rows whose probabilities did not sum to 1 (off by up to 0.002, as after rounding) and were divided by their sum: 2."],
            metrics.Warnings);
        Assert.Equal(new RowsLeftOut(3, 0, 3, 0, 0), metrics.RowsLeftOut);
        Assert.Equal([true, false], new[] { 1, 2 }.Select(part => Part(part).ToMetrics().IsWeighted));
        Assert.Empty(Part(2).ToMetrics().Warnings);
    }

    [Fact]
    public void IntervalOf_WithAndWithoutBootstrap_HoldsTheFigure()
    {
        var rows = RandomRows.Draw(5, 300, 4);
        var plain = rows.Evaluate();
        var bootstrap = rows.Evaluate(new ProbabilityEvaluationOptions { Bootstrap = new() { Resamples = 100, ConfidenceLevel = 0.9 } });

        Assert.Equal((null, "standard error"), (plain.IntervalOf(HeadlineMetric.MacroF1), plain.IntervalMethod));
        Assert.True(plain.IntervalOf(HeadlineMetric.MicroAccuracy)!.Value.Contains(plain.MicroAccuracy));
        Assert.True(plain.IntervalOf(HeadlineMetric.MacroAccuracy)!.Value.Contains(plain.MacroAccuracy));
        Assert.Equal(("bootstrap, 100 resamples, seed 1", 0.9), (bootstrap.IntervalMethod, bootstrap.ConfidenceLevel));
        Assert.All(bootstrap.Reliability, bin => Assert.Equal(0.9, bin.Interval.Level));
        Assert.All(bootstrap.Classes, one => Assert.Equal(0.9, one.RecallInterval.Level));
        Assert.All(
            Enum.GetValues<HeadlineMetric>(), metric => Assert.True(bootstrap.IntervalOf(metric)!.Value.Contains(bootstrap[metric])));
    }

    /// <summary>Wilson's interval of 2 of 2 begins at 2 / (2 + z^2), of 1 of 4 at .0456; the class without rows has none.</summary>
    [Fact]
    public void RecallInterval_OfAClass_IsThatOfItsRows()
    {
        var evaluator = new ProbabilityEvaluator(Names[..3]);
        evaluator.Add(new ProbabilityBlock([1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0], 3, [0, 0, 1, 1, 1, 1]));
        var intervals = evaluator.ToMetrics().Classes.Select(one => one.RecallInterval).ToArray();

        Assert.Equal(2 / (2 + (1.959963984540054 * 1.959963984540054)), intervals[0].Lower, 1e-12);
        Assert.Equal(1, intervals[0].Upper, 1e-12);
        Assert.Equal((0.0455873, 0.6993582), (intervals[1].Lower, intervals[1].Upper), (expected, actual) =>
            Math.Abs(expected.Item1 - actual.Item1) < 1e-6 && Math.Abs(expected.Item2 - actual.Item2) < 1e-6);
        Assert.Equal(new ConfidenceInterval(double.NaN, double.NaN, 0.95), intervals[2]);
    }

    [Fact]
    public void Arguments_ThatAreNull_AreRefused()
    {
        var evaluator = new ProbabilityEvaluator(Names);
        var metrics = evaluator.ToMetrics();
        Assert.Throws<ArgumentNullException>("classNames", () => new ProbabilityEvaluator(null!));
        Assert.Throws<ArgumentNullException>("rows", () => evaluator.LeaveOut(null!));
        Assert.Throws<ArgumentNullException>("other", () => evaluator.Merge(null!));
        Assert.Throws<ArgumentNullException>("before", () => ProbabilityMetrics.Compare(null!, metrics));
        Assert.Throws<ArgumentNullException>("after", () => ProbabilityMetrics.Compare(metrics, null!));
        Refusal.Of<ArgumentException>(() => evaluator.Add(new ProbabilityBlock([1, 0, 0, 0], 4, [0]), [1, 2]), "1 rows", "found 2");
        Refusal.Of<ArgumentException>(
            () => evaluator.Add(new ProbabilityBlock([1, 0, 0, 0], 4, [0]), default, ["a".AsMemory(), default]), "1 rows", "found 2");
    }

    [Fact]
    public void Add_RowThatIsNoDistribution_IsRefusedWithWhatItLooksLike()
    {
        var evaluator = new ProbabilityEvaluator(Names);
        Refusal.Of<ArgumentException>(() => evaluator.Add(new ProbabilityBlock([.9f, .8f, .1f, 0], 4, [0]), [17]),
            "Row 17 does not hold probabilities: looks like independent scores");
        Refusal.Of<ArgumentException>(() => evaluator.Add(new ProbabilityBlock([.5f, .5f], 2, [0])));
        Refusal.Of<ArgumentException>(() => new ProbabilityEvaluator([]));
    }

    [Fact]
    public void ToString_OfAnEvaluation_IsATableOfAllFigures()
    {
        var evaluator = new ProbabilityEvaluator(Names);
        evaluator.Add(RandomRows.Draw(6, 200, 4).Block);
        evaluator.LeaveOut(new RowsLeftOut(3, 0, 1, 0, 0));
        var metrics = evaluator.ToMetrics();
        var text = metrics.ToString();

        Assert.StartsWith("200 rows of 4 classes", text);
        Assert.Contains("Rows left out: 3 without a label, 1 with NaN or otherwise unusable scores", text);
        Assert.Matches($@"Log-loss +{metrics.LogLoss.ToString("F4", CultureInfo.InvariantCulture)} ", text);
        Assert.All(Names, name => Assert.Contains($"\n{name} ", text));
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void Merge_OfOtherClassesOrOptions_IsRefused()
    {
        var evaluator = new ProbabilityEvaluator(Names, new() { Bootstrap = new() });
        ProbabilityEvaluator[] others =
        [
            new(["cat", "dog", "fox", "emu"], new() { Bootstrap = new() }), new(Names),
            new(Names, new() { Bootstrap = new() { Seed = 2 } }), new(Names, new() { Bootstrap = new(), RocAuc = false }),
            new(Names, new() { Bootstrap = new(), CalibrationBins = new BinLayout(10) }),
        ];

        Assert.All(others, other => Refusal.Of<ArgumentException>(() => evaluator.Merge(other)));
        evaluator.Merge(new ProbabilityEvaluator(Names, new() { Bootstrap = new(), MaxDegreeOfParallelism = 1 }));
    }

    [Fact]
    public void Intervals_OfRowsThatAllWeighTheSame_AreThoseOfRowsWithoutWeights()
    {
        var rows = RandomRows.Draw(9, 200, 4);
        var (plain, weighted) = (new ProbabilityEvaluator(Names), new ProbabilityEvaluator(Names));
        plain.Add(rows.Block);
        weighted.Add(new ProbabilityBlock(rows.Probabilities, 4, rows.Labels, [.. Enumerable.Repeat(2.5f, 200)]));
        var (expected, actual) = (plain.ToMetrics(), weighted.ToMetrics());

        Assert.All(Enum.GetValues<HeadlineMetric>(), metric => Same(expected.IntervalOf(metric), actual.IntervalOf(metric)));
        Assert.All(expected.Classes.Zip(actual.Classes), pair =>
        {
            Same(pair.First.RecallInterval, pair.Second.RecallInterval);
            Assert.All(pair.First.Reliability.Zip(pair.Second.Reliability), bins =>
                Same(bins.First.Interval, bins.Second.Interval));
        });

        static void Same(ConfidenceInterval? expected, ConfidenceInterval? actual)
        {
            Assert.Equal(expected is null, actual is null);
            Assert.Equal(expected?.Lower ?? 0, actual?.Lower ?? 0, 1e-9);
            Assert.Equal(expected?.Upper ?? 0, actual?.Upper ?? 0, 1e-9);
        }
    }

    [Fact]
    public void ToMetrics_WithoutRows_IsNaN()
    {
        var metrics = new ProbabilityEvaluator(Names).ToMetrics();

        Assert.Equal((0, double.NaN, double.NaN), (metrics.RowsUsed, metrics.LogLoss, metrics.MacroRocAuc));
        Assert.Contains("NaN", metrics.ToString());
    }
}
