namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>One row's outcome: prediction, rank of the true class and squared error in a single sweep.</summary>
internal static class RowOutcomeKernel
{
    public static RowOutcome Compute(ReadOnlySpan<float> row, int label, float weight)
    {
        var labelProbability = row[label];
        var top = row[0];
        var predicted = 0;
        var rank = 0;
        var squares = 0.0;
        for (var index = 0; index < row.Length; index++)
        {
            var probability = row[index];
            squares += (double)probability * probability;
            if (probability > top)
            {
                top = probability;
                predicted = index;
            }

            if (probability > labelProbability || (probability == labelProbability && index < label))
                rank++;
        }

        // sum (p - y)^2 = sum p^2 - 2 p_label + 1; the squares of floats are exact in double.
        var squaredError = Math.Max(0, squares - (2.0 * labelProbability) + 1);
        return new RowOutcome(label, predicted, rank, labelProbability, top, weight, squaredError);
    }
}
