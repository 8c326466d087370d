using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The largest values so far, in descending order; among equals the one offered first comes first. Takes no NaN.</summary>
internal unsafe struct SortedBuffer(int capacity, int* indices, float* values)
{
    /// <summary>Beyond so many, moving them costs more than sorting the row.</summary>
    public const int Longest = 128;

    public int Kept { get; private set; }

    public readonly bool IsFull => Kept == capacity;

    public readonly float Smallest => values[Kept - 1];

    /// <summary>Keeps a value where it belongs, or not at all.</summary>
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
