using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>Passes contiguous ranges of whole rows to a kernel, on the calling thread or on several.</summary>
internal static class RowPartition
{
    /// <summary>A kernel over whole rows: as many values out as in.</summary>
    public delegate void RowsKernel(
        RowKernels kernels, ReadOnlySpan<float> scores, Span<float> destination, int classCount, float temperature, bool isOutOfCache);

    // As many as the widest vector has lanes.
    private const int RowsTakenTogether = 16;

    // With fewer values, the work is done before another thread has started.
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

    // A separate method, because the state that threads share is allocated on entry, and one thread does not need it.
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

    /// <summary>The number of threads that are worth starting for this much work.</summary>
    public static int ShareCount(int rowCount, int classCount, int threads)
        => (int)Math.Min(Math.Min(threads, rowCount), Math.Max(1L, (long)rowCount * classCount / SmallestShare));

    /// <summary>The rows of one share, at least one, and of about the same number each.</summary>
    public static (int First, int Count) Share(int rowCount, int classCount, int shares, int share)
    {
        var first = Boundary(rowCount, classCount, shares, share);
        return (first, Boundary(rowCount, classCount, shares, share + 1) - first);
    }

    // Rows that are processed together are the same ones for any number of shares, so that the result is bit-identical. Such rows are
    // short, so the smallest share has many of them.
    private static int Boundary(int rowCount, int classCount, int shares, int share)
    {
        var boundary = (int)((long)rowCount * share / shares);
        return share == shares || classCount > RowLoops.MostClassesPacked ? boundary : boundary & ~(RowsTakenTogether - 1);
    }
}
