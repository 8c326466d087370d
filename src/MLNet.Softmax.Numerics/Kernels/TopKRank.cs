using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The k largest of a row that fits one vector: each score's rank is the number of scores that come before it, counted without a branch.</summary>
internal static unsafe class TopKRank<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the k largest, or returns false, having written nothing, where a score is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryWrite(float* scores, int count, int k, int* indices, float* values)
    {
        var row = TLanes.LoadPartial(scores, count, TLanes.Create(float.NegativeInfinity));
        if (BitOperations.PopCount(TLanes.GreaterThanOrEqual(row, TLanes.Create(float.NegativeInfinity))) < TLanes.Count)
            return false;
        var order = stackalloc int[16];
        for (var i = 0; i < count; i++)
        {
            var score = TLanes.Create(scores[i]);
            var earlier = (1u << i) - 1;
            order[BitOperations.PopCount(TLanes.GreaterThan(row, score) | (TLanes.GreaterThanOrEqual(row, score) & earlier))] = i;
        }

        for (var place = 0; place < k; place++)
        {
            indices[place] = order[place];
            values[place] = scores[order[place]];
        }

        return true;
    }
}
