namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Sorts probabilities, alone or together with other data, as integers: the bits of a non-negative float are the upper 32, the other data
/// the rest. A radix sort with three digits of ten bits, because the bits of a value below 2 are at most 30. With many values it is
/// several times as fast as a comparison sort.
/// </summary>
internal static class ProbabilitySort
{
    private const int DigitBits = 10;
    private const int Digits = 3;
    private const int FewRows = 4096;

    /// <summary>The bits of floats that are not negative rise with their value; adding zero turns -0 into 0.</summary>
    public static ulong Key(float probability, uint carried) => ((ulong)BitConverter.SingleToUInt32Bits(probability + 0f) << 32) | carried;

    public static uint Carried(ulong key) => (uint)key;

    /// <summary>Sorts by probability; the sort is stable.</summary>
    /// <param name="keys">The keys to sort.</param>
    /// <param name="scratch">A buffer of the same length. Both are overwritten.</param>
    /// <returns>The one of the two that holds the sorted keys.</returns>
    public static Span<TKey> Sort<TKey>(Span<TKey> keys, Span<TKey> scratch)
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        if (keys.Length < FewRows)
        {
            // Also stable: the lower half decides between equal probabilities, and the rows carry ascending numbers.
            keys.Sort();
            return keys;
        }

        for (var digit = 0; digit < Digits; digit++)
        {
            Sweep(keys, scratch, (8 * (Unsafe.SizeOf<TKey>() - sizeof(float))) + (digit * DigitBits));
            var sorted = scratch;
            scratch = keys;
            keys = sorted;
        }

        return keys;
    }

    private static void Sweep<TKey>(ReadOnlySpan<TKey> source, Span<TKey> target, int shift)
        where TKey : unmanaged, IBinaryInteger<TKey>
    {
        const uint Mask = (1u << DigitBits) - 1;
        Span<int> starts = stackalloc int[1 << DigitBits];
        starts.Clear();
        foreach (var key in source)
            starts[(int)(uint.CreateTruncating(key >> shift) & Mask)]++;
        var start = 0;
        foreach (ref var count in starts)
            (count, start) = (start, start + count);
        foreach (var key in source)
            target[starts[(int)(uint.CreateTruncating(key >> shift) & Mask)]++] = key;
    }
}
