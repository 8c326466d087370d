using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The log-softmax of many rows that follow each other.</summary>
internal static unsafe class LogSoftmaxBatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the logarithms of the probabilities; may be in place.</summary>
    public static void Write(
        float* scores, float* logProbabilities, int rowCount, int classCount, float temperature, in ExponentScale scale, bool isOutOfCache)
    {
        var takenTogether = ColumnBlock<TLanes>.Suits(rowCount, classCount, isOutOfCache);
        nint row = 0;
        if (PackedRows.Suits<TLanes>(rowCount, classCount, isOutOfCache))
        {
            row = temperature == 1f
                ? PackedRows.Write(scores, logProbabilities, rowCount, classCount, scale, isOutOfCache, default(PlainLogSoftmaxEnd))
                : PackedRows.Write(
                    scores, logProbabilities, rowCount, classCount, scale, isOutOfCache, new LogSoftmaxEnd(temperature, scale.Lowest));
        }
        else if (!takenTogether && temperature == 1f && LongRows<TLanes, Subtraction<TLanes>, No>.Suits(rowCount, classCount, isOutOfCache))
        {
            LongRows<TLanes, Subtraction<TLanes>, No>.Write(scores, logProbabilities, rowCount, classCount, scale, isOutOfCache);
            return;
        }

        while (row < rowCount)
        {
            if (takenTogether)
                row = WriteBlocks(scores, logProbabilities, row, rowCount, classCount, temperature, scale);

            // What is left, or a block that has to be taken row by row.
            for (var end = takenTogether ? Math.Min(rowCount, row + TLanes.Count) : rowCount; row < end; row++)
                LogSoftmaxRow<TLanes>.Write(
                    scores + (row * classCount), logProbabilities + (row * classCount), classCount, temperature, scale);
        }
    }

    /// <summary>Returns the first row that is not written.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static nint WriteBlocks(
        float* scores, float* logProbabilities, nint row, int rowCount, int classCount, float temperature, ExponentScale scale)
    {
        var room = stackalloc byte[(ColumnBlock<TLanes>.MostClasses + 1) * sizeof(TLanes)];
        var columns = (TLanes*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        var inverse = new Reciprocal(temperature);
        while (row <= rowCount - TLanes.Count
            && ColumnBlock<TLanes>.TryLogSoftmax(scores + (row * classCount), logProbabilities + (row * classCount),
                classCount, scale, inverse, columns, row + TLanes.Count < rowCount))
        {
            row += TLanes.Count;
            Columns<TLanes>.Prefetch(scores + ((row + TLanes.Count) * classCount), classCount);
        }

        return row;
    }
}
