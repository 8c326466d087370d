namespace Benchmarks;

/// <summary>Softmax as people write it.</summary>
internal static class Handwritten
{
    public static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        var largest = scores[0];
        foreach (var score in scores)
            largest = MathF.Max(largest, score);
        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
        {
            probabilities[i] = MathF.Exp(scores[i] - largest);
            sum += probabilities[i];
        }

        for (var i = 0; i < probabilities.Length; i++)
            probabilities[i] /= sum;
    }

    public static float[] LinqSoftmax(float[] scores)
    {
        var largest = scores.Max();
        var exponentials = scores.Select(score => MathF.Exp(score - largest)).ToArray();
        var sum = exponentials.Sum();
        return exponentials.Select(value => value / sum).ToArray();
    }
}
