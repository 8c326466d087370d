using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The softmax of many rows that follow each other.</summary>
internal static unsafe class SoftmaxBatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the probabilities; may be in place.</summary>
    public static void Write(float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale, bool isOutOfCache)
    {
        if (classCount == 2)
        {
            WritePairs(scores, probabilities, rowCount, scale);
            return;
        }

        nint row = 0;
        if (PackedRows.Suits<TLanes>(rowCount, classCount, isOutOfCache))
        {
            row = PackedRows.Write(scores, probabilities, rowCount, classCount, scale, isOutOfCache, default(SoftmaxEnd));
        }
        else if (ColumnBlock<TLanes>.Suits(rowCount, classCount, isOutOfCache))
        {
            row = WriteBlocks(scores, probabilities, rowCount, classCount, scale);
        }
        else if (LongRows<TLanes, Scaling<TLanes>, Yes>.Suits(rowCount, classCount, isOutOfCache))
        {
            LongRows<TLanes, Scaling<TLanes>, Yes>.Write(scores, probabilities, rowCount, classCount, scale, isOutOfCache);
            return;
        }

        for (; row < rowCount; row++)
            SoftmaxRow<TLanes>.Write(scores + (row * classCount), probabilities + (row * classCount), classCount, scale, out _);
    }

    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static nint WriteBlocks(float* scores, float* probabilities, int rowCount, int classCount, ExponentScale scale)
    {
        var room = stackalloc byte[(ColumnBlock<TLanes>.MostClasses + 1) * sizeof(TLanes)];
        var columns = (TLanes*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
        nint row = 0;
        for (; row <= rowCount - TLanes.Count; row += TLanes.Count)
        {
            Columns<TLanes>.Prefetch(scores + ((row + TLanes.Count) * classCount), classCount);
            ColumnBlock<TLanes>.Softmax(
                scores + (row * classCount), probabilities + (row * classCount), classCount, scale, columns, row + TLanes.Count < rowCount);
        }

        return row;
    }

    private static void WritePairs(float* scores, float* probabilities, int rowCount, in ExponentScale scale)
    {
        nint row = 0;
        while (row < rowCount)
        {
            var blockCount = (rowCount - (int)row) / TLanes.Count;
            row += PairBlock<TLanes>.Softmax(scores + (2 * row), probabilities + (2 * row), blockCount, scale) * TLanes.Count;
            if (row <= rowCount - TLanes.Count && PairBlock<TLanes>.TryFarApart(scores + (2 * row), probabilities + (2 * row), scale))
            {
                row += TLanes.Count;
                continue;
            }

            // What is left, or a block with a score that is not finite.
            for (var end = Math.Min(rowCount, row + TLanes.Count); row < end; row++)
            {
                if (!PairRow.TrySoftmax(scores + (2 * row), probabilities + (2 * row), scale))
                    SoftmaxRow<TLanes>.Write(scores + (2 * row), probabilities + (2 * row), 2, scale, out _);
            }
        }
    }
}
