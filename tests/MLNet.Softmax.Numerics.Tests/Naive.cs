namespace MLNet.Softmax.Numerics.Tests;

/// <summary>The definitions, word for word, in double precision: the oracle of the kernels.</summary>
internal static class Naive
{
    public static double[] Softmax(ReadOnlySpan<float> scores, double temperature = 1)
    {
        var result = LogSoftmax(scores, temperature);
        for (var i = 0; i < result.Length; i++)
            result[i] = Math.Exp(result[i]);
        return result;
    }

    public static double[] LogSoftmax(ReadOnlySpan<float> scores, double temperature = 1)
    {
        var result = new double[scores.Length];
        var largest = Largest(scores);
        var logarithm = Math.Log(SumOfExponentials(scores, largest, temperature));
        for (var i = 0; i < scores.Length; i++)
            result[i] = ((scores[i] - largest) / temperature) - logarithm;
        return result;
    }

    /// <summary>The log-softmax of each row.</summary>
    public static double[] LogSoftmaxRows(ReadOnlySpan<float> scores, int classCount, double temperature = 1)
    {
        var result = new double[scores.Length];
        for (var start = 0; start < scores.Length; start += classCount)
            LogSoftmax(scores.Slice(start, classCount), temperature).CopyTo(result, start);
        return result;
    }

    public static double LogSumExp(ReadOnlySpan<float> scores, double temperature = 1)
    {
        var largest = Largest(scores);
        return double.IsInfinity(largest) ? largest : (largest / temperature) + Math.Log(SumOfExponentials(scores, largest, temperature));
    }

    /// <summary>Indices in descending order of value; equals in ascending order of index; NaN last.</summary>
    public static int[] Order(float[] scores)
        => [.. Enumerable.Range(0, scores.Length)
            .OrderBy(i => float.IsNaN(scores[i]))
            .ThenByDescending(i => scores[i] == 0f ? 0f : scores[i])
            .ThenBy(i => i)];

    private static double Largest(ReadOnlySpan<float> scores)
    {
        var largest = double.NegativeInfinity;
        foreach (var score in scores)
            largest = double.IsNaN(largest) || float.IsNaN(score) ? double.NaN : score > largest ? score : largest;
        return largest;
    }

    private static double SumOfExponentials(ReadOnlySpan<float> scores, double largest, double temperature)
    {
        var (sum, lost) = (0.0, 0.0);
        foreach (var score in scores)
        {
            // Kahan's sum: the oracle must not lose digits over a million classes.
            var term = Math.Exp((score - largest) / temperature) - lost;
            var next = sum + term;
            lost = (next - sum) - term;
            sum = next;
        }

        return sum;
    }
}
