namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class MergeTests
{
    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 7)]
    [InlineData(3, 7)]
    [InlineData(4, 40)]
    public void Metrics_HoweverTheRowsAreDivided_AreTheSame(int seed, int classCount)
    {
        var random = new Random(seed);
        var table = PredictionTable.Random(seed, classCount == 7 ? 5000 : 500, classCount, weighted: true);
        // Some rows have the weight 1, which bins of many classes only count.
        table = table with { Weights = [.. table.Weights!.Select(weight => weight == 1 ? 1 : weight * random.NextSingle())] };
        var whole = Figures(table.Block, [table.RowCount]);

        for (var trial = 0; trial < 10; trial++)
        {
            var cuts = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.Next(table.RowCount)).Append(table.RowCount).Order();
            var divided = Figures(table.Block, [.. cuts], random);
            Assert.All(whole.Zip(divided), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Fact]
    public void RocAuc_OfRowsWithAndWithoutWeights_CountsTheOthersForOne()
    {
        var weighted = PredictionTable.Random(1, 400, 3, weighted: true);
        var without = PredictionTable.Random(2, 300, 3);
        var both = new PredictionTable(3, [.. without.Probabilities, .. weighted.Probabilities], [.. without.Labels, .. weighted.Labels],
            [.. Enumerable.Repeat(1f, 300), .. weighted.Weights!]);
        var areas = new RocAuc(3);
        areas.Add(without.Block);
        areas.Add(weighted.Block);
        areas.Add(without.Block.Slice(0, 0));

        Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(Naive.RocAuc(both, label), areas.ToArray(1)[label], 1e-12));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(40, 2)]
    public void RocAuc_OfManySmallPortions_KeepsTheWeightsOfAll(int rowsEach, int weightedPortions)
    {
        // Of five portions one after another, the last few have weights; the others count 1.
        var table = PredictionTable.Random(3, 280, 3, weighted: true);
        float[] weights = [.. Enumerable.Range(0, 280).Select(row => row / rowsEach % 5 < 5 - weightedPortions ? 1 : table.Weights![row])];
        table = table with { Weights = weights };
        var areas = new RocAuc(3);
        for (var start = 0; start < 280; start += rowsEach)
        {
            var portion = table.Block.Slice(start, Math.Min(rowsEach, 280 - start));
            areas.Add(start / rowsEach % 5 < 5 - weightedPortions
                ? new ProbabilityBlock(portion.Probabilities, 3, portion.Labels) : portion);
        }

        Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(Naive.RocAuc(table, label), areas.ToArray(1)[label], 1e-12));
    }

    /// <summary>Every figure from accumulators that each saw the rows between two cuts, merged in random order.</summary>
    private static double[] Figures(ProbabilityBlock block, int[] cuts, Random? order = null)
    {
        var parts = new List<Accumulators>();
        var start = 0;
        foreach (var cut in cuts)
        {
            var part = new Accumulators(block.ClassCount);
            var rows = block.Slice(start, cut - start);
            part.Headline.Add(RowOutcome.Of(rows));
            part.TopK.Add(RowOutcome.Of(rows));
            part.Confusion.Add(RowOutcome.Of(rows));
            part.Classwise.Add(rows);
            part.Roc.Add(rows);
            parts.Add(part);
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

        return [.. merged.Headline.ToArray(), merged.Headline.LogLoss.StandardError, merged.Headline.BrierScore.StandardError,
            merged.Headline.Classification.RowCount, .. merged.TopK.ToArray(), .. merged.Confusion.Row(3),
            merged.Classwise.ExpectedError, .. merged.Roc.ToArray(2),
            .. merged.Classwise.ToBins(3).SelectMany(bin => new[] { bin.Weight, bin.MeanProbability, bin.Interval.Lower }),
            .. merged.Headline.RiskCoverage.ToPoints().SelectMany(point => new[] { point.Risk, point.Coverage, point.Confidence }),
            merged.Headline.LogLoss.ImpossibleRows, merged.Headline.Classification.EffectiveRowsPerWeight];
    }

    private sealed class Accumulators(int classCount)
    {
        public HeadlineMetrics Headline { get; } = new(classCount, BinLayout.Default);
        public TopKAccuracy TopK { get; } = new(classCount);
        public ConfusionTable Confusion { get; } = new(classCount);
        public ClasswiseCalibration Classwise { get; } = new(classCount, BinLayout.Default);
        public RocAuc Roc { get; } = new(classCount);
    }
}
