namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The k largest values of each of many rows, with the method that suits their shape.</summary>
/// <remarks>
/// As measured, with v the number of lanes of a vector; the first that applies is used:
/// <list type="table">
/// <item><term>many rows of up to 4 v classes (k = 1) or 8 v (k up to 5; up to 16 below 60 classes)</term>
/// <description><see cref="TopKColumns{TLanes}"/>: v rows at once</description></item>
/// <item><term>k = 1</term><description><see cref="ArgMaxRow{TLanes}"/></description></item>
/// <item><term>up to 2 v classes, at most 16</term>
/// <description><see cref="TopKRank{TLanes}"/>: each score's place, without a branch</description></item>
/// <item><term>k up to 128</term>
/// <description><see cref="TopKRow{TLanes}"/>: sorts only the values that reach a lower bound of the k-th</description></item>
/// <item><term>any k</term><description><see cref="TopKSort"/></description></item>
/// </list>
/// </remarks>
internal static unsafe class TopKBatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the k largest values of rows that have at least k scores.</summary>
    public static void Write(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        var inColumns = rowCount >= TLanes.Count && TopKColumns<TLanes>.Suits(classCount, k);
        for (nint row = 0; row < rowCount;)
        {
            if (inColumns)
                row += TopKColumns<TLanes>.Write(
                    scores + (row * classCount), rowCount - row, classCount, k, indices + (row * k), values + (row * k));
            var rest = inColumns ? nint.Min(TLanes.Count, rowCount - row) : rowCount;
            WriteOneByOne(scores + (row * classCount), rest, classCount, k, indices + (row * k), values + (row * k));
            row += rest;
        }
    }

    [MethodImpl(Hot.Inline)]
    private static void WriteOneByOne(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        if (k == 1)
            WriteLargest(scores, rowCount, classCount, indices, values);
        else if (classCount <= Math.Min(2 * TLanes.Count, 16))
            WriteRanked(scores, rowCount, classCount, k, indices, values);
        else if (k <= TopKCandidates<TLanes>.LargestK)
            TopKRow<TLanes>.Write(scores, rowCount, classCount, k, indices, values);
        else
            TopKSort.WriteRows(scores, rowCount, classCount, k, indices, values);
    }

    [MethodImpl(Hot.Loop)]
    private static void WriteLargest(float* scores, nint rowCount, int classCount, int* indices, float* values)
    {
        for (nint row = 0; row < rowCount; row++, scores += classCount)
        {
            indices[row] = ArgMaxRow<TLanes>.IndexOf(scores, classCount);
            values[row] = scores[indices[row]];
        }
    }

    [MethodImpl(Hot.Loop)]
    private static void WriteRanked(float* scores, nint rowCount, int classCount, int k, int* indices, float* values)
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        for (nint row = 0; row < rowCount; row++, scores += classCount, indices += k, values += k)
        {
            var first = TLanes.LoadPartial(scores, Math.Min(classCount, TLanes.Count), lowest);
            var second = classCount > TLanes.Count
                ? TLanes.LoadPartial(scores + TLanes.Count, classCount - TLanes.Count, lowest) : lowest;
            var areNumbers = TLanes.GreaterThanOrEqual(first, lowest) & TLanes.GreaterThanOrEqual(second, lowest);
            if (BitOperations.PopCount(areNumbers) < TLanes.Count)
            {
                TopKRow<TLanes>.Write(scores, 1, classCount, k, indices, values);
                continue;
            }

            var order = classCount <= TLanes.Count
                ? TopKRank<TLanes>.OrderOf<OneVector>(first, second, scores, classCount)
                : TopKRank<TLanes>.OrderOf<TwoVectors>(first, second, scores, classCount);
            for (var place = 0; place < k; place++, order >>= 4)
            {
                var index = (int)(order & 15);
                indices[place] = index;
                values[place] = scores[index];
            }
        }
    }
}
