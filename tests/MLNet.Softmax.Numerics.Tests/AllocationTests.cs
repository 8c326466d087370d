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

    [Fact]
    public void Scalings_OfARowOfUpTo128Classes_AllocateNothing()
    {
        var (logits, probabilities) = (RowKinds.Normal(new Random(1), 1, 128, 3, 0), new float[128]);
        var (weights, intercepts) = (new double[128 * 128], new double[128]);
        Assert.Equal(0, Allocated(_ => VectorScaling.Apply(logits, weights.AsSpan(0, 128), intercepts, probabilities), 1));
        Assert.Equal(0, Allocated(_ => MatrixScaling.Apply(logits, weights, intercepts, probabilities), 1));
        Assert.Equal(0, Allocated(_ => DirichletCalibration.Apply(logits, weights, intercepts, probabilities), 1));
    }

    /// <summary>The memory of a metric is used again: what remains is a fraction of what the rows take.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MetricsOfManyRows_GiveTheirMemoryBack(bool weighted)
    {
        var table = Metrics.PredictionTable.Random(1, 20_000, 3, weighted);
        Assert.InRange(Allocated(_ => RocAuc.Compute(table.Block), 1), 0, weighted ? 400_000 : 40_000);
        Assert.InRange(Allocated(_ => LogLoss.Compute(table.Block), 1), 0, 10_000);
        Assert.InRange(Allocated(_ => Bootstrap.Intervals(
            table.Block, null, new() { Resamples = 2, MaxDegreeOfParallelism = 1 }), 1), 0, 1_600_000);
    }

    /// <summary>Long rows go through memory that the garbage collector does not know.</summary>
    [Fact]
    public void LongRows_GiveTheirMemoryBack()
    {
        const int ClassCount = 1 << 20, ClassesOutOfCache = 1 << 15;
        foreach (var kernels in Paths.All)
        {
            var row = new float[ClassCount];
            GivesBack(() => Softmax.Compute(kernels, row, row, 1f), ClassCount * sizeof(float), 64);
            var rows = row.AsMemory(0, 2 * ClassesOutOfCache);
            GivesBack(
                () => kernels.SoftmaxRows(rows.Span, rows.Span, ClassesOutOfCache, 1f, isOutOfCache: true),
                ClassesOutOfCache * sizeof(float), 1024);
        }
    }

    private static void GivesBack(Action operation, long bytes, int times)
    {
        const int Attempts = 8;
        operation();
        // A test beside this one may take memory of its own meanwhile.
        Assert.Contains(Enumerable.Range(0, Attempts), _ => Growth() < times * bytes / 2);

        long Growth()
        {
            var before = Environment.WorkingSet;
            for (var time = 0; time < times; time++)
                operation();
            return Environment.WorkingSet - before;
        }
    }

    /// <summary>The fewest bytes of some calls: the first may compile, or fill a pool that is kept.</summary>
    private static long Allocated(Action<int> operation, int rows) => Enumerable.Range(0, 5).Min(_ =>
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        operation(rows);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    });
}
