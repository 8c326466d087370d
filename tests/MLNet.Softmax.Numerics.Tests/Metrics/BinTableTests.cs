namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>The bins of calibration diagrams, in each of the ways to fill them.</summary>
public sealed class BinTableTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData(BinConvention.UpperInclusive)]
    [InlineData(BinConvention.LowerInclusive)]
    public void Bins_OfOneAndOfManyClasses_AreExactOnBothSidesOfEveryEdge(BinConvention convention)
    {
        foreach (var count in new[] { 1, 2, 3, 7, 10, 15, 20, 49, 100, 1000, 65_536 })
        {
            var layout = new BinLayout(count, convention);
            var edges = Enumerable.Range(0, Math.Min(count, 2000) + 1).Select(bin => (float)((double)bin / count));
            var around = edges.SelectMany(edge => new[] { MathF.BitDecrement(edge), edge, MathF.BitIncrement(edge) });
            float[] probabilities = [.. around.Where(p => p >= 0), 1.0005f];
            var table = new BinTable(probabilities.Length, layout);
            table.AddToManyRows(probabilities, label: 0, weight: 1);
            var slots = new int[probabilities.Length];
            BinTable.ComputeSlots(probabilities, layout, slots);
            for (var index = 0; index < probabilities.Length; index += Math.Max(1, count / 100))
            {
                // A double holds the product of a float and a count of 17 bits without rounding.
                var position = (double)Math.Min(probabilities[index], 1f) * count;
                var expected = (int)(convention == BinConvention.UpperInclusive ? Math.Ceiling(position) : Math.Floor(position) + 1);
                Assert.True(expected == BinTable.SlotOf(probabilities[index], layout), $"{probabilities[index]:R} in {layout}");
                Assert.Equal(expected, slots[index]);
                var bins = table.ToBins(index, 0.95);
                Assert.Equal(Math.Clamp(expected - 1, 0, count - 1), Array.FindIndex(bins, bin => bin.Weight == 1));
                Assert.Equal(1, bins.Sum(bin => bin.Weight));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bins_OfManyClasses_HoldTheWeightsClaimsAndSuccessesOfTheirCases(bool isWeighted)
    {
        const int ClassCount = 19;
        var rows = PredictionTable.Random(5, 300, ClassCount, weighted: isWeighted);
        var layout = new BinLayout(10, BinConvention.UpperInclusive);
        var table = new BinTable(ClassCount, layout);
        for (var row = 0; row < rows.RowCount; row++)
            table.AddToManyRows(rows.Row(row), rows.Labels[row], rows.Weight(row));

        for (var label = 0; label < ClassCount; label++)
        {
            var bins = table.ToBins(label, 0.95);
            for (var bin = 0; bin < bins.Length; bin++)
            {
                int[] cases = [.. Enumerable.Range(0, rows.RowCount).Where(row => layout.IndexOf(rows.Row(row)[label]) == bin)];
                double Sum(Func<int, double> value) => cases.Sum(row => rows.Weight(row) * value(row));
                Assert.Equal(Sum(_ => 1), bins[bin].Weight, Tolerance);
                Assert.Equal(Sum(row => rows.Row(row)[label]) / Sum(_ => 1), bins[bin].MeanProbability, Tolerance);
                Assert.Equal(Sum(row => rows.Labels[row] == label ? 1 : 0) / Sum(_ => 1), bins[bin].ObservedFrequency, Tolerance);
            }
        }
    }

    [Theory]
    [InlineData(BinConvention.UpperInclusive)]
    [InlineData(BinConvention.LowerInclusive)]
    public void Bins_FilledOneByOne_AreTheSame(BinConvention convention)
    {
        var table = PredictionTable.Random(1, 500, 5, weighted: true);
        var layout = new BinLayout(15, convention);
        var (vectors, oneByOne, slots) = (new BinTable(5, layout), new BinTable(5, layout), new int[5]);
        for (var row = 0; row < table.RowCount; row++)
        {
            BinTable.ComputeSlots(table.Row(row), layout, slots);
            vectors.AddToEachRow(table.Row(row), slots, table.Labels[row], table.Block.Weight(row));
            oneByOne.AddOneByOne(table.Row(row), table.Labels[row], table.Block.Weight(row));
        }

        for (var label = 0; label < 5; label++)
            Assert.Equal(vectors.ToBins(label, 0.95), oneByOne.ToBins(label, 0.95));
    }
}
