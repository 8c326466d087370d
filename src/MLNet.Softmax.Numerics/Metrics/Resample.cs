namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Draws as many rows as there are, with replacement.</summary>
internal static class Resample
{
    /// <summary>Fills <paramref name="timesDrawn"/>; the same seed and number give the same draws, on every machine.</summary>
    public static void Draw(Span<int> timesDrawn, int seed, int number)
    {
        timesDrawn.Clear();
        var state = Scramble(((ulong)(uint)seed << 32) | (uint)number);
        for (var draw = 0; draw < timesDrawn.Length; draw++)
        {
            // SplitMix64 (Steele, Lea and Flood 2014); the high half scaled to the number of rows (Lemire 2019), whose bias of
            // rows / 2^32 is far below what any bootstrap can see.
            state += 0x9E3779B97F4A7C15;
            timesDrawn[(int)(((Scramble(state) >> 32) * (ulong)timesDrawn.Length) >> 32)]++;
        }
    }

    private static ulong Scramble(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
