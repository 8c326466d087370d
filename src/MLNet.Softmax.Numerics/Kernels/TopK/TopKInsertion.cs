using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The k largest values of one row, for k larger than the vector width: values above the smallest one kept so far go into a sorted buffer.
/// </summary>
internal static unsafe class TopKInsertion<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the k largest values of a row that has at least k.</summary>
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

/// <summary>The largest values so far, in descending order; equal values in the order of insertion. Does not accept NaN.</summary>
internal unsafe struct SortedBuffer(int capacity, int* indices, float* values)
{
    /// <summary>Beyond this length, moving the values costs more than sorting the row.</summary>
    public const int Longest = 128;

    public int Kept { get; private set; }

    public readonly bool IsFull => Kept == capacity;

    public readonly float Smallest => values[Kept - 1];

    /// <summary>Inserts a value at its place, unless it is too small.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(float value, int index)
    {
        var place = Kept;
        if (place < capacity)
            Kept++;
        else if (!(value > values[--place]))
            return;
        for (; place > 0 && value > values[place - 1]; place--)
        {
            values[place] = values[place - 1];
            indices[place] = indices[place - 1];
        }

        values[place] = value;
        indices[place] = index;
    }
}

/// <summary>Top-k for a k so large that sorting the row costs less than keeping a buffer sorted.</summary>
internal static unsafe class TopKSort
{
    /// <summary>Writes the k largest values of a row that has at least k.</summary>
    public static void Write(float* scores, int count, int k, int* indices, float* values)
    {
        var keys = ArrayPool<ulong>.Shared.Rent(count);
        for (var i = 0; i < count; i++)
            keys[i] = ((ulong)DescendingOrder(scores[i]) << 32) | (uint)i;
        keys.AsSpan(0, count).Sort();
        for (var i = 0; i < k; i++)
        {
            indices[i] = (int)(uint)keys[i];
            values[i] = scores[indices[i]];
        }

        ArrayPool<ulong>.Shared.Return(keys);
    }

    /// <summary>Smaller for larger values, equal for -0 and +0, the largest for NaN.</summary>
    private static uint DescendingOrder(float value)
    {
        if (float.IsNaN(value))
            return uint.MaxValue;
        var bits = BitConverter.SingleToUInt32Bits(value == 0f ? 0f : value);
        return (int)bits < 0 ? bits : ~bits & 0x7FFF_FFFF;
    }
}

/// <summary>NaN ranks below everything: it fills the rest of the k places, in the order of its indices.</summary>
internal static unsafe class MissingScores
{
    public static void Append(float* scores, int count, int k, int written, int* indices, float* values)
    {
        for (var i = 0; i < count && written < k; i++)
        {
            if (!float.IsNaN(scores[i]))
                continue;
            indices[written] = i;
            values[written++] = scores[i];
        }
    }
}
