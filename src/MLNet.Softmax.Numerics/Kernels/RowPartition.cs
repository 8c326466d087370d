namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Hands contiguous runs of whole rows to a kernel, on the calling thread or on several.</summary>
internal static class RowPartition
{
    /// <summary>A kernel over whole rows: as many values out as in.</summary>
    public delegate void RowsKernel(
        RowKernels kernels, ReadOnlySpan<float> scores, Span<float> destination, int classCount, float temperature, bool isOutOfCache);

    // As many as the widest vector has lanes.
    private const int RowsTakenTogether = 16;

    // Below this many values a run is done before another thread has woken up.
    private const int SmallestShare = 131_072;

    /// <summary>Runs <paramref name="kernel"/> over every row, split over at most <paramref name="threads"/> threads.</summary>
    public static void Run(RowKernels kernels, ReadOnlySpan<float> scores,
        Span<float> destination, int classCount, int threads, float temperature, RowsKernel kernel)
    {
        var rowCount = Guard.RowCount(scores, classCount);
        var shares = ShareCount(rowCount, classCount, threads);
        if (shares <= 1)
            kernel(kernels, scores, destination, classCount, temperature, OutOfCache.IsFor(rowCount, classCount));
        else
            RunOnThreads(kernels, scores, destination, classCount, rowCount, shares, threads, temperature, kernel);
    }

    // Apart from Run, because what the threads share is allocated on entry, and one thread needs none of it.
    private static unsafe void RunOnThreads(
        RowKernels kernels, ReadOnlySpan<float> scores, Span<float> destination, int classCount,
        int rowCount, int shares, int threads, float temperature, RowsKernel kernel)
    {
        var isOutOfCache = OutOfCache.IsFor(rowCount, classCount);
        fixed (float* input = scores, output = destination)
        {
            var (from, to) = ((nint)input, (nint)output);
            Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = threads }, share =>
            {
                var (first, count) = Share(rowCount, classCount, shares, share);
                var offset = (nint)first * classCount;
                var length = count * classCount;
                kernel(kernels, new ReadOnlySpan<float>((float*)from + offset, length),
                    new Span<float>((float*)to + offset, length), classCount, temperature, isOutOfCache);
            });
        }
    }

    /// <summary>How many threads are worth waking for so much work.</summary>
    public static int ShareCount(int rowCount, int classCount, int threads)
        => (int)Math.Min(Math.Min(threads, rowCount), Math.Max(1L, (long)rowCount * classCount / SmallestShare));

    /// <summary>The rows of one share, at least one, and of about the same number each.</summary>
    public static (int First, int Count) Share(int rowCount, int classCount, int shares, int share)
    {
        var first = Boundary(rowCount, classCount, shares, share);
        return (first, Boundary(rowCount, classCount, shares, share + 1) - first);
    }

    // Where rows are taken together, the same ones are whatever the number of shares, so that the result is the same to the bit. Of rows so
    // short the smallest share has many.
    private static int Boundary(int rowCount, int classCount, int shares, int share)
    {
        var boundary = (int)((long)rowCount * share / shares);
        return share == shares || classCount > RowLoops.MostClassesPacked ? boundary : boundary & ~(RowsTakenTogether - 1);
    }
}

/// <summary>Whether a batch is so large that its results leave the caches before anybody reads them.</summary>
/// <remarks>Asked once for the whole batch, before it is split among threads: some rows are then added up in another order.</remarks>
internal static class OutOfCache
{
    private const long Length = 4L << 20;

    public static bool IsFor(int rowCount, int classCount) => (long)rowCount * classCount >= Length;
}
