namespace MLNet.Softmax.Numerics.Tests;

/// <summary>No operation allocates on one thread: neither for a row, nor what several threads would share.</summary>
public class AllocationTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public void Operations_OnOneThread_AllocateNothing(int classCount)
    {
        const int Few = 4, Many = 40;
        var scores = RowKinds.Normal(new Random(1), Many, classCount, 3, 0);
        var results = new float[scores.Length];
        var (indices, labels) = (new int[scores.Length], new int[Many]);
        Action<int>[] operations =
        [
            rows => Softmax.Rows(scores.AsSpan(0, rows * classCount), classCount, results),
            rows => LogSoftmax.Rows(scores.AsSpan(0, rows * classCount), classCount, results),
            rows => CrossEntropy.Rows(scores.AsSpan(0, rows * classCount), classCount, labels.AsSpan(0, rows)),
            rows => CrossEntropy.RowsWithGradient(scores.AsSpan(0, rows * classCount), classCount, labels.AsSpan(0, rows), results),
            rows => TopK.Rows(scores.AsSpan(0, rows * classCount), classCount, 1, indices, results),
            rows => TopK.Rows(scores.AsSpan(0, rows * classCount), classCount, 5, indices, results),
            rows => TopK.Rows(scores.AsSpan(0, rows * classCount), classCount, 500, indices, results),
        ];
        foreach (var operation in operations)
            Assert.Equal((0, 0), (Allocated(operation, Few), Allocated(operation, Many)));
    }

    /// <summary>The fewest bytes of some calls: the first may compile, or fill a pool that is kept.</summary>
    private static long Allocated(Action<int> operation, int rows) => Enumerable.Range(0, 5).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        operation(rows);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
