using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>The k largest values of a row, in descending order, with their indices.</summary>
/// <remarks>Equal values (-0 equals +0) are in ascending order of index, as in ONNX and ML.NET. NaN ranks below -infinity.</remarks>
public static class TopK
{
    /// <summary>Writes the k largest values of one row and their indices; k is the length of <paramref name="indices"/>.</summary>
    /// <param name="scores">One value per class.</param>
    /// <param name="indices">
    /// Receives indices into <paramref name="scores"/>, that of the largest value first. At least 1 long. If k exceeds the number of
    /// scores, the rest is not changed.
    /// </param>
    /// <param name="values">Receives the values at those indices; as long as <paramref name="indices"/>.</param>
    /// <returns>The number of values written: the smaller of k and the number of scores.</returns>
    /// <exception cref="ArgumentException">k is 0, the destinations differ in length, or one overlaps the scores.</exception>
    public static int Compute(ReadOnlySpan<float> scores, Span<int> indices, Span<float> values) =>
        Compute(RowKernels.Best, scores, indices, values);

    internal static int Compute(RowKernels kernels, ReadOnlySpan<float> scores, Span<int> indices, Span<float> values)
    {
        if (indices.IsEmpty)
            throw new ArgumentException("k, the length of the indices, must be at least 1, but it is 0.", nameof(indices));
        if (values.Length != indices.Length)
            throw new ArgumentException(
                $"There is room for {values.Length} values, but for {indices.Length} indices; make the two equally long.", nameof(values));
        Guard.NoOverlap(scores, indices);
        Guard.NoOverlap(scores, values);
        var count = Math.Min(indices.Length, scores.Length);
        if (count > 0)
            kernels.TopK(scores, scores.Length, count, indices[..count], values[..count]);
        return count;
    }

    /// <summary>Writes the k largest values of each of many rows that are contiguous in memory, and their indices.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="k">The number of values per row, at least 1; more than <paramref name="classCount"/> counts as that.</param>
    /// <param name="indices">Receives min(k, classCount) indices per row, row after row; each is relative to its row's start.</param>
    /// <param name="values">Receives the values at those indices, in the same layout.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <returns>The number of values written per row: min(k, classCount).</returns>
    /// <exception cref="ArgumentOutOfRangeException">k, the class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The number of scores is not a multiple of the class count, or a destination is too short or overlaps the scores.
    /// </exception>
    public static int Rows(
        ReadOnlySpan<float> scores, int classCount, int k, Span<int> indices, Span<float> values, int maxDegreeOfParallelism = 1)
        => Rows(RowKernels.Best, scores, classCount, k, indices, values, maxDegreeOfParallelism);

    internal static int Rows(RowKernels kernels, ReadOnlySpan<float> scores, int classCount,
        int k, Span<int> indices, Span<float> values, int maxDegreeOfParallelism)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        var rowCount = Guard.RowCount(scores, classCount);
        var count = Math.Min(k, classCount);
        var needed = (long)rowCount * count;
        if (indices.Length < needed)
            throw new ArgumentException(
                $"There is room for {indices.Length} indices, but {rowCount} rows need {needed}, {count} each.", nameof(indices));
        if (values.Length < needed)
            throw new ArgumentException(
                $"There is room for {values.Length} values, but {rowCount} rows need {needed}, {count} each.", nameof(values));
        Guard.NoOverlap(scores, indices);
        Guard.NoOverlap(scores, values);

        var shares = RowPartition.ShareCount(rowCount, classCount, threads);
        if (rowCount == 0)
            return count;
        if (shares <= 1)
            kernels.TopK(scores, classCount, count, indices, values);
        else
            RunOnThreads(kernels, scores, classCount, count, indices, values, rowCount, shares, threads);
        return count;
    }

    private static unsafe void RunOnThreads(
        RowKernels kernels, ReadOnlySpan<float> scores, int classCount, int count,
        Span<int> indices, Span<float> values, int rowCount, int shares, int threads)
    {
        fixed (float* input = scores, outputValues = values)
        fixed (int* outputIndices = indices)
        {
            var (from, toValues, toIndices) = ((nint)input, (nint)outputValues, (nint)outputIndices);
            Parallel.For(0, shares, new ParallelOptions { MaxDegreeOfParallelism = threads }, share =>
            {
                var (first, rows) = RowPartition.Share(rowCount, classCount, shares, share);
                var offset = (nint)first * count;
                kernels.TopK(
                    new ReadOnlySpan<float>((float*)from + ((nint)first * classCount), rows * classCount),
                    classCount,
                    count,
                    new Span<int>((int*)toIndices + offset, rows * count),
                    new Span<float>((float*)toValues + offset, rows * count));
            });
        }
    }
}
