namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Sorts probabilities that carry something along: integers with the bits of a float that is not negative in the upper half, and anything
/// in the lower.
/// By falling digits of eleven bits, three sweeps whatever the order: several times as fast as comparing when there are many.
/// </summary>
internal static class ProbabilitySort
{
    private const int DigitBits = 11;
    private const int Digits = 3;
    private const int FewRows = 4096;

    /// <summary>The bits of floats that are not negative rise with their value; adding zero turns -0 into 0.</summary>
    public static ulong Key(float probability, uint carried) => ((ulong)BitConverter.SingleToUInt32Bits(probability + 0f) << 32) | carried;

    public static uint Carried(ulong key) => (uint)key;

    /// <summary>Sorts by probability, equal ones in the order they came.</summary>
    /// <param name="keys">What to sort.</param>
    /// <param name="scratch">As much room again. Both are overwritten.</param>
    /// <returns>One of the two, sorted.</returns>
    public static Span<ulong> Sort(Span<ulong> keys, Span<ulong> scratch)
    {
        if (keys.Length < FewRows)
        {
            // Stable as well: what is carried decides between equal probabilities, and rows carry rising numbers.
            keys.Sort();
            return keys;
        }

        for (var digit = 0; digit < Digits; digit++)
        {
            Sweep(keys, scratch, 32 + (digit * DigitBits));
            var sorted = scratch;
            scratch = keys;
            keys = sorted;
        }

        return keys;
    }

    private static void Sweep(ReadOnlySpan<ulong> source, Span<ulong> target, int shift)
    {
        const uint Mask = (1u << DigitBits) - 1;
        Span<int> starts = stackalloc int[1 << DigitBits];
        starts.Clear();
        foreach (var key in source)
            starts[(int)((uint)(key >> shift) & Mask)]++;
        var start = 0;
        foreach (ref var count in starts)
            (count, start) = (start, start + count);
        foreach (var key in source)
            target[starts[(int)((uint)(key >> shift) & Mask)]++] = key;
    }
}
