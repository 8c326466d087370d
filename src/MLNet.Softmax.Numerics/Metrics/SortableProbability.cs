namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// A probability and its row in one integer that sorts as the probability does, ties by row: a stable sort without a comparer.
/// </summary>
internal static class SortableProbability
{
    // The bits of floats that are not negative rise with their value; adding zero turns -0 into 0.
    public static ulong Key(float probability, int row) => ((ulong)BitConverter.SingleToUInt32Bits(probability + 0f) << 32) | (uint)row;

    public static int RowOf(ulong key) => (int)(uint)key;

    public static float ProbabilityOf(ulong key) => BitConverter.UInt32BitsToSingle((uint)(key >> 32));

    /// <summary>The rows by rising confidence.</summary>
    public static ulong[] Order(ReadOnlySpan<RowOutcome> outcomes)
    {
        var keys = new ulong[outcomes.Length];
        for (var row = 0; row < keys.Length; row++)
            keys[row] = Key(outcomes[row].TopProbability, row);
        Array.Sort(keys);
        return keys;
    }
}
