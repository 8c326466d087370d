using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The k largest of each of many rows, in the way that suits their shape.</summary>
internal static unsafe class TopKBatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the k largest of rows that have at least that many scores.</summary>
    public static void Write(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        if (TLanes.Count == 1)
            WriteMany(scores, rowCount, classCount, k, indices, values);
        else if (k == 1)
            WriteLargest(scores, rowCount, classCount, indices, values);
        else if (classCount <= TLanes.Count)
            WriteRanked(scores, rowCount, classCount, k, indices, values);
        else if (TopKRow<TLanes>.Covers(classCount, k))
            TopKRow<TLanes>.Write(scores, rowCount, classCount, k, indices, values);
        else
            WriteMany(scores, rowCount, classCount, k, indices, values);
    }

    [MethodImpl(Hot.Loop)]
    private static void WriteLargest(float* scores, nint rowCount, int classCount, int* indices, float* values)
    {
        nint row = 0;
        while (row < rowCount)
        {
            if (classCount is > 1 and <= TopKColumns<TLanes>.MostClasses)
                row += TopKColumns<TLanes>.Write(scores + (row * classCount), rowCount - row, classCount, indices + row, values + row);
            for (var end = nint.Min(rowCount, row + TLanes.Count); row < end; row++)
            {
                indices[row] = ArgMaxRow<TLanes>.IndexOf(scores + (row * classCount), classCount);
                values[row] = scores[(row * classCount) + indices[row]];
            }
        }
    }

    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    private static void WriteRanked(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        var order = stackalloc int[TLanes.Count];
        for (nint row = 0; row < rowCount; row++, scores += classCount, indices += k, values += k)
        {
            if (!TopKRank<TLanes>.TryWrite(scores, classCount, k, order, indices, values))
                TopKRow<TLanes>.Write(scores, 1, classCount, k, indices, values);
        }
    }

    private static void WriteMany(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        for (nint row = 0; row < rowCount; row++, scores += classCount, indices += k, values += k)
        {
            if (k > SortedBuffer.Longest)
                TopKSort.Write(scores, classCount, k, indices, values);
            else
                TopKInsertion<TLanes>.Write(scores, classCount, k, indices, values);
        }
    }
}
