namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>Refuses to merge accumulators whose figures do not belong together.</summary>
internal static class MergeGuard
{
    public static void SameClasses(int mine, int other)
    {
        if (mine != other)
            throw new ArgumentException($"An accumulator of {other} classes cannot be merged into one of {mine}.", nameof(other));
    }

    public static void SameBins(BinLayout mine, BinLayout other)
    {
        if (mine != other)
            throw new ArgumentException($"An accumulator with {other} cannot be merged into one with {mine}.", nameof(other));
    }
}
