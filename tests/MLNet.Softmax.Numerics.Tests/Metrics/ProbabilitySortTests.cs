namespace MLNet.Softmax.Numerics.Tests.Metrics;

public class ProbabilitySortTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(50_000)]
    public void Sort_OfManyProbabilities_IsByProbabilityAndStable(int count)
    {
        var random = new Random(count);
        // Many equal ones, many tiny ones, both zeros and one.
        var probabilities = Enumerable.Range(0, count).Select(_ => random.Next(4) switch
        {
            0 => random.Next(11) / 10f,
            1 => random.NextSingle() * 1e-30f,
            2 => -0f,
            _ => random.NextSingle(),
        }).ToArray();
        var expected = Enumerable.Range(0, count).OrderBy(row => probabilities[row]).Select(row => (uint)row);
        var sorted = ProbabilitySort.Sort([.. probabilities.Select((p, row) => ProbabilitySort.Key(p, (uint)row))], new ulong[count]);

        Assert.Equal(expected, sorted.Select(ProbabilitySort.Carried));
    }

    [Fact]
    public void RocAuc_OfEveryRowEightTimes_IsTheSame()
    {
        // Enough rows for the other way of sorting.
        var few = PredictionTable.Random(1, 1000, 3, weighted: true);
        var many = few.Rows(Enumerable.Range(0, 8000).Select(row => row % 1000));
        var expected = RocAuc.Compute(few.Block);
        var areas = RocAuc.Compute(many.Block);

        for (var label = 0; label < 3; label++)
            Assert.Equal(expected[label], areas[label], 1e-12);
    }
}
