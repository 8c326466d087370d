namespace MLNet.Softmax.Numerics.Tests.Metrics;

/// <summary>The confusion matrix, which lists few rows and counts many, in every order of what can be done to it.</summary>
public sealed class ConfusionTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Table_AfterAnyChanges_HoldsItsOwnRows(int seed)
    {
        const int ClassCount = 8; // Up to 8 x 8 / 16 = 4 rows are listed.
        var random = new Random(seed);
        var tables = new List<(ConfusionTable Table, double[] Expected)> { (new(ClassCount), new double[ClassCount * ClassCount]) };
        for (var step = 0; step < 400; step++)
        {
            var (table, expected) = tables[random.Next(tables.Count)];
            var rows = PredictionTable.Random(random.Next(), random.Next(6), ClassCount, weighted: true);
            switch (random.Next(4))
            {
                case 0 when tables.Count < 40:
                    tables.Add((table.Copy(), [.. expected]));
                    break;
                case 1:
                    var other = new ConfusionTable(ClassCount);
                    other.Add(rows.Outcomes);
                    if (random.Next(2) == 0)
                        _ = other.Row(0);
                    table.Merge(other);
                    Count(rows, expected);
                    break;
                case 2:
                    Assert.Equal(expected.AsSpan(0, ClassCount), table.Row(0));
                    break;
                default:
                    table.Add(rows.Outcomes);
                    Count(rows, expected);
                    break;
            }

            if (step % 20 == 0 && tables.Count < 40)
                tables.Add((new(ClassCount), new double[ClassCount * ClassCount]));
        }

        foreach (var (table, expected) in tables)
        {
            for (var label = 0; label < ClassCount; label++)
                Assert.Equal(expected.AsSpan(label * ClassCount, ClassCount), table.Row(label));
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void Class_ThatDoesNotExist_IsRefusedByName(int label)
    {
        var table = ConfusionTable.Compute(PredictionTable.Random(1, 20, 3).Block);

        Assert.Throws<ArgumentOutOfRangeException>("label", () => table[label, 0]);
        Assert.Throws<ArgumentOutOfRangeException>("predicted", () => table[0, label]);
        Assert.Throws<ArgumentOutOfRangeException>("label", () => table.Row(label).ToArray());
    }

    private static void Count(PredictionTable rows, double[] cells)
    {
        for (var row = 0; row < rows.RowCount; row++)
            cells[(rows.Labels[row] * rows.ClassCount) + Naive.Predicted(rows, row)] += rows.Weight(row);
    }
}
