namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The cross-entropy of one row from its normaliser and its probabilities. Every kind of target comes down to weights a[c] on the classes:
/// the loss is the sum of a[c] (logsumexp(z) - z[c]), and its gradient p[c] * (sum of a) - a[c].
/// </summary>
internal static class CrossEntropyRow
{
    /// <summary>The loss where the target is a label and nothing is smoothed, so that no other score counts.</summary>
    public static double Loss(float labelScore, int label, LogNormalizer normalizer, in CrossEntropyOptions options)
        => Cost(options.WeightOf(label), labelScore, normalizer);

    public static double Loss(ReadOnlySpan<float> scores, int label, LogNormalizer normalizer, in CrossEntropyOptions options)
    {
        var loss = Cost((1f - options.LabelSmoothing) * options.WeightOf(label), scores[label], normalizer);
        if (options.LabelSmoothing == 0f)
            return loss;
        var each = options.LabelSmoothing / scores.Length;
        for (var c = 0; c < scores.Length; c++)
            loss += Cost(each * options.WeightOf(c), scores[c], normalizer);
        return loss;
    }

    public static double Loss(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> target, LogNormalizer normalizer, in CrossEntropyOptions options)
    {
        var loss = 0.0;
        for (var c = 0; c < scores.Length; c++)
            loss += Cost(TargetWeight(target, c, options), scores[c], normalizer);
        return loss;
    }

    /// <summary>Turns the probabilities into the gradient.</summary>
    public static void ToGradient(Span<float> probabilities, int label, in CrossEntropyOptions options)
    {
        var onLabel = (1f - options.LabelSmoothing) * options.WeightOf(label);
        if (options.LabelSmoothing != 0f)
        {
            var each = options.LabelSmoothing / probabilities.Length;
            var sum = onLabel + (each * SumOfWeights(probabilities.Length, options));
            for (var c = 0; c < probabilities.Length; c++)
                probabilities[c] = (probabilities[c] * sum) - (each * options.WeightOf(c));
        }
        else if (onLabel != 1f)
        {
            foreach (ref var probability in probabilities)
                probability *= onLabel;
        }

        probabilities[label] -= onLabel;
    }

    /// <summary>Turns the probabilities into the gradient.</summary>
    public static void ToGradient(Span<float> probabilities, ReadOnlySpan<float> target, in CrossEntropyOptions options)
    {
        var sum = 0.0;
        for (var c = 0; c < target.Length; c++)
            sum += TargetWeight(target, c, options);
        for (var c = 0; c < target.Length; c++)
            probabilities[c] = (float)((probabilities[c] * sum) - TargetWeight(target, c, options));
    }

    /// <summary>a (logsumexp - z), where 0 times infinity is 0, but a row without a softmax stays NaN.</summary>
    private static double Cost(double weight, float score, LogNormalizer normalizer)
        => weight == 0.0 && double.IsFinite(normalizer.Value) ? 0.0 : weight * normalizer.Above(score);

    private static double TargetWeight(ReadOnlySpan<float> target, int c, in CrossEntropyOptions options)
        => options.WeightOf(c) * (((1.0 - options.LabelSmoothing) * target[c]) + (options.LabelSmoothing / (double)target.Length));

    private static float SumOfWeights(int classCount, in CrossEntropyOptions options)
    {
        if (options.ClassWeights.IsEmpty)
            return classCount;
        var sum = 0f;
        foreach (var weight in options.ClassWeights)
            sum += weight;
        return sum;
    }
}
