namespace MLNet.Softmax.Numerics.Tests;

/// <summary>How rows are divided among threads.</summary>
public sealed class RowPartitionTests
{
    [Theory]
    [InlineData(1_000, 100, 8, 1)] // Too little work for a second thread.
    [InlineData(131_072, 2, 8, 2)]
    [InlineData(131_071, 2, 8, 1)]
    [InlineData(131_072, 5, 3, 3)]
    [InlineData(131_072, 5, 8, 5)]
    [InlineData(131_072, 5, 1, 1)]
    [InlineData(3, 1_000_000, 8, 3)] // No thread without a row.
    [InlineData(1 << 20, 1 << 13, 64, 64)] // More values than an int counts.
    [InlineData(0, 10, 8, 0)]
    public void ShareCount_OfRows_IsWhatIsWorthwhile(int rowCount, int classCount, int threads, int expected) =>
        Assert.Equal(expected, RowPartition.ShareCount(rowCount, classCount, threads));

    [Theory]
    [InlineData(1_000, 3, 7)]
    [InlineData(1_000, 640, 7)]
    [InlineData(1_000, 100_000, 7)]
    [InlineData(3, 1_000_000, 3)]
    [InlineData(1 << 30, 2, 5)]
    public void Shares_OfRows_FollowOneAnotherAndAreAboutEqual(int rowCount, int classCount, int shares)
    {
        var isPacked = classCount <= RowLoops.MostClassesPacked;
        var next = 0;
        for (var share = 0; share < shares; share++)
        {
            var (first, count) = RowPartition.Share(rowCount, classCount, shares, share);
            Assert.Equal(next, first);
            Assert.InRange(count, Math.Max(1, (rowCount / shares) - 16), (rowCount / shares) + 17);
            Assert.True(!isPacked || first % 16 == 0, $"Share {share} begins in the middle of 16 rows: at {first}.");
            Assert.True(isPacked || count <= (rowCount / shares) + 1);
            next += count;
        }

        Assert.Equal(rowCount, next);
    }
}
