namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The area under one ROC curve, from rows sorted by the probability of the class.</summary>
internal static class RocArea
{
    private const uint PositiveFlag = 0x8000_0000;

    /// <summary>A row to sort: its weight, which is never negative, lends its sign to say whether the row belongs to the class.</summary>
    public static ulong Key(float probability, float weight, bool isPositive) =>
        ProbabilitySort.Key(probability, BitConverter.SingleToUInt32Bits(weight) | (isPositive ? PositiveFlag : 0));

    public static double Compute(ReadOnlySpan<ulong> sortedKeys)
    {
        double area = 0, positives = 0, negatives = 0;
        for (var start = 0; start < sortedKeys.Length;)
        {
            // Rows of equal probability form one step of the curve, whatever their order.
            var probabilityBits = sortedKeys[start] >> 32;
            double positivesHere = 0, negativesHere = 0;
            for (; start < sortedKeys.Length && sortedKeys[start] >> 32 == probabilityBits; start++)
            {
                var carried = ProbabilitySort.Carried(sortedKeys[start]);
                double weight = BitConverter.UInt32BitsToSingle(carried & ~PositiveFlag);
                var isPositive = (carried & PositiveFlag) != 0;
                positivesHere += isPositive ? weight : 0;
                negativesHere += isPositive ? 0 : weight;
            }

            area += positivesHere * (negatives + (negativesHere / 2));
            positives += positivesHere;
            negatives += negativesHere;
        }

        return area / (positives * negatives);
    }
}
