namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The row operations as plain loops in double precision: for any finite temperature, however extreme, and any scores.</summary>
internal static class DoublePrecisionRow
{
    /// <summary>Writes the softmax; may be in place.</summary>
    public static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature)
    {
        var (maximum, sum) = MaximumAndSum(scores, temperature);
        for (var i = 0; i < scores.Length; i++)
            probabilities[i] = (float)(Math.Exp((scores[i] - maximum) / temperature) / sum);
    }

    /// <summary>Writes the log-softmax.</summary>
    public static void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature)
    {
        var (maximum, sum) = MaximumAndSum(scores, temperature);
        var logarithm = Math.Log(sum);
        for (var i = 0; i < scores.Length; i++)
            logProbabilities[i] = (float)(((scores[i] - maximum) / temperature) - logarithm);
    }

    /// <summary>Returns ln of the sum of exp(z / T).</summary>
    public static double LogSumExp(ReadOnlySpan<float> scores, float temperature)
    {
        var (maximum, sum) = MaximumAndSum(scores, temperature);
        return double.IsInfinity(maximum) ? maximum : (maximum / temperature) + Math.Log(sum);
    }

    /// <summary>The row's log-sum-exp at temperature 1, in parts.</summary>
    public static LogNormalizer Normalizer(ReadOnlySpan<float> scores)
    {
        var (maximum, sum) = MaximumAndSum(scores, 1f);
        return new LogNormalizer((float)maximum, Math.Log(sum));
    }

    /// <summary>
    /// The largest score (NaN if any is), and the sum of exp((z - maximum) / T), which is NaN when the row has no softmax.
    /// </summary>
    private static (double Maximum, double Sum) MaximumAndSum(ReadOnlySpan<float> scores, float temperature)
    {
        var maximum = double.NegativeInfinity;
        foreach (var score in scores)
            maximum = Math.Max(maximum, score);
        var sum = 0.0;
        foreach (var score in scores)
            sum += Math.Exp((score - maximum) / temperature);
        return (maximum, sum);
    }
}
