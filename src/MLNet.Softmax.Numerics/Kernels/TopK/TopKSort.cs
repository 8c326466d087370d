using System.Buffers;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>Top-k for a k so large that sorting the row costs less than sorting candidates.</summary>
internal static unsafe class TopKSort
{
    /// <summary>Writes the k largest values of rows that have at least k.</summary>
    public static void WriteRows(float* scores, nint rowCount, int count, int k, int* indices, float* values)
    {
        for (; rowCount > 0; rowCount--, scores += count, indices += k, values += k)
            Write(scores, count, k, indices, values);
    }

    private static void Write(float* scores, int count, int k, int* indices, float* values)
    {
        if (k == 1)
        {
            *values = scores[*indices = IndexOfLargest(scores, count)];
            return;
        }

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

    /// <summary>The first of several; that of a NaN only if all are.</summary>
    private static int IndexOfLargest(float* scores, int count)
    {
        var largest = 0;
        for (var i = 1; i < count; i++)
            largest = scores[i] <= scores[largest] || float.IsNaN(scores[i]) ? largest : i;
        return largest;
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
