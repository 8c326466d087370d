namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The area under one ROC curve, from rows sorted by the probability of the class.</summary>
internal static class RocArea
{
    public static double OneAgainstRest(ReadOnlySpan<ulong> sortedKeys, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int label)
    {
        double area = 0, positives = 0, negatives = 0;
        for (var start = 0; start < sortedKeys.Length;)
        {
            // Rows of equal probability form one step of the curve, whatever their order.
            var probabilityBits = sortedKeys[start] >> 32;
            double positivesHere = 0, negativesHere = 0;
            for (; start < sortedKeys.Length && sortedKeys[start] >> 32 == probabilityBits; start++)
            {
                var row = SortableProbability.RowOf(sortedKeys[start]);
                if (labels[row] == label)
                    positivesHere += weights[row];
                else
                    negativesHere += weights[row];
            }

            area += positivesHere * (negatives + (negativesHere / 2));
            positives += positivesHere;
            negatives += negativesHere;
        }

        return area / (positives * negatives);
    }
}
