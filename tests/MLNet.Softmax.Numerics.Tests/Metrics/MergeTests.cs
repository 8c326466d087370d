using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class MergeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Metrics_HoweverTheRowsAreDivided_AreTheSame(int seed)
    {
        var random = new Random(seed);
        var table = PredictionTable.Random(seed, 5000, 7, weighted: true);
        table = table with { Weights = [.. table.Weights!.Select(weight => weight * random.NextSingle())] };
        var whole = Figures(table.Block, [table.RowCount]);

        for (var trial = 0; trial < 10; trial++)
        {
            var cuts = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(table.RowCount)).Append(table.RowCount).Order().ToArray();
            var divided = Figures(table.Block, cuts, random);
            for (var figure = 0; figure < whole.Length; figure++)
                Assert.Equal(whole[figure], divided[figure], 1e-12);
        }
    }

    [Fact]
    public void Merge_OfOtherClassesOrBins_IsRefused()
    {
        Assert.Contains("3 classes", Assert.Throws<ArgumentException>(() => new LogLoss(2).Merge(new LogLoss(3))).Message);
        Assert.Throws<ArgumentException>(() => new ClassTotals(2).Merge(new ClassTotals(3)));
        Assert.Throws<ArgumentException>(() => new ConfusionCounts(2).Merge(new ConfusionCounts(3)));
        Assert.Throws<ArgumentException>(() => new TopKAccuracy(2).Merge(new TopKAccuracy(3)));
        Assert.Throws<ArgumentException>(() => new RocAuc(2).Merge(new RocAuc(3)));
        Assert.Throws<ArgumentException>(() => new ClasswiseCalibration(2).Merge(new ClasswiseCalibration(3)));
        var message = Assert.Throws<ArgumentException>(() => new TopLabelCalibration().Merge(new TopLabelCalibration(new BinLayout(10)))).Message;
        Assert.Contains("10 bins, UpperInclusive cannot be merged into one with 15 bins", message);
    }

    /// <summary>Every figure from accumulators that each saw the rows between two cuts, merged in random order.</summary>
    private static double[] Figures(ProbabilityBlock block, int[] cuts, Random? order = null)
    {
        var parts = new List<(HeadlineMetrics Headline, TopKAccuracy TopK, ConfusionCounts Confusion, ClasswiseCalibration Classwise, RocAuc Roc)>();
        var start = 0;
        foreach (var cut in cuts)
        {
            var rows = block.Slice(start, cut - start);
            var roc = new RocAuc(block.ClassCount);
            roc.Add(rows);
            parts.Add((RowOutcomes.Feed(new HeadlineMetrics(block.ClassCount), rows), RowOutcomes.Feed(new TopKAccuracy(block.ClassCount), rows),
                RowOutcomes.Feed(new ConfusionCounts(block.ClassCount), rows), ClasswiseCalibration.Compute(rows), roc));
            start = cut;
        }

        var shuffled = parts.ToArray();
        order?.Shuffle(shuffled);
        var merged = shuffled[0];
        foreach (var part in shuffled[1..])
        {
            merged.Headline.Merge(part.Headline);
            merged.TopK.Merge(part.TopK);
            merged.Confusion.Merge(part.Confusion);
            merged.Classwise.Merge(part.Classwise);
            merged.Roc.Merge(part.Roc);
        }

        var figures = new double[HeadlineMetrics.Count];
        merged.Headline.CopyTo(figures);
        return [.. figures, merged.Headline.LogLoss.StandardError, merged.Headline.BrierScore.StandardError, merged.Headline.Totals.RowCount,
            .. merged.TopK.ToArray(), .. merged.Confusion.ToTable().Row(3), merged.Classwise.ExpectedError, .. merged.Roc.ToArray(2),
            .. merged.Headline.RiskCoverage.ToPoints().Select(point => point.Risk)];
    }
}
