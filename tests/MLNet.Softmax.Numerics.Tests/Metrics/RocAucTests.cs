namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>ROC AUC of so many rows, or so many equal ones, that they are sorted in other ways.</summary>
public class RocAucTests
{
    /// <summary>
    /// So many rows of one class, all but a few of them within a millionth, that a range of the table holds many different values, and
    /// many times the same ones.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RocAuc_OfManyNearlyEqualProbabilities_IsItsDefinition(bool weighted)
    {
        const int RowCount = 12_000;
        var random = new Random(1);
        var (labels, probabilities) = (new int[RowCount], new float[2 * RowCount]);
        for (var row = 0; row < RowCount; row++)
        {
            labels[row] = random.Next(3) == 0 ? 1 : 0;
            var near = 0.5f + (random.Next(40) * (random.Next(2) + 1) * 5.9604645e-8f * (labels[row] + 1));
            probabilities[(2 * row) + 1] = random.Next(50) == 0 ? random.NextSingle() : near;
            probabilities[2 * row] = 1 - probabilities[(2 * row) + 1];
        }

        var weights = weighted ? labels.Select(_ => random.NextSingle()).ToArray() : null;
        var area = RocAuc.Compute(new ProbabilityBlock(probabilities, 2, labels, weights))[1];

        // Rows by falling probability, ties grouped: each group of the class wins against all below and half of those in it.
        double wins = 0, below = 0, all = 0;
        foreach (var tied in Enumerable.Range(0, RowCount).GroupBy(row => probabilities[(2 * row) + 1]).OrderBy(group => group.Key))
        {
            double Weight(int label) => tied.Where(row => labels[row] == label).Sum(row => (double)(weights?[row] ?? 1));
            wins += Weight(1) * (below + (Weight(0) / 2));
            below += Weight(0);
            all += Weight(1);
        }

        Assert.Equal(wins / (all * below), area, 1e-12);
    }

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

        Assert.Equal(expected, sorted.ToArray().Select(ProbabilitySort.Carried));
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
