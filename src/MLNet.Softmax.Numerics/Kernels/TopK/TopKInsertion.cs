using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The k largest of one row where k is larger than the vectors are wide: what exceeds the smallest kept so far goes into a sorted buffer.
/// </summary>
internal static unsafe class TopKInsertion<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the k largest of a row that has at least that many.</summary>
    [MethodImpl(Hot.Loop)]
    public static void Write(float* scores, int count, int k, int* indices, float* values)
    {
        var buffer = new SortedBuffer(k, indices, values);
        var limit = TLanes.Create(float.NegativeInfinity);
        var i = 0;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            var reached = Reaching<TLanes>.OfFourVectors(scores + i, limit);
            if (reached != 0)
                limit = Insert(scores, i, reached, limit, ref buffer);
        }

        for (; i < count; i += TLanes.Count)
        {
            var rest = TLanes.LoadPartial(scores + i, Math.Min(TLanes.Count, count - i), TLanes.Create(float.NaN));
            var reached = TLanes.GreaterThanOrEqual(rest, limit);
            if (reached != 0)
                limit = Insert(scores, i, reached, limit, ref buffer);
        }

        MissingScores.Append(scores, count, k, buffer.Kept, indices, values);
    }

    private static TLanes Insert(float* scores, int start, ulong reached, TLanes limit, ref SortedBuffer buffer)
    {
        for (; reached != 0; reached &= reached - 1)
        {
            var index = start + BitOperations.TrailingZeroCount(reached);
            buffer.Offer(scores[index], index);
        }

        return buffer.IsFull ? TLanes.Create(buffer.Smallest) : limit;
    }
}
