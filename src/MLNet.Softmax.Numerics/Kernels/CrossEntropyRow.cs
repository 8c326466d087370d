namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The cross-entropy of one row. Every kind of target comes down to weights a[c] on the classes: the loss is the sum of
/// a[c] (logsumexp(z) - z[c]), and its gradient p[c] * (sum of a) - a[c].
/// </summary>
internal static class CrossEntropyRow
{
    public static double Loss(RowKernels kernels, ReadOnlySpan<float> scores, int label, in CrossEntropyOptions options)
        => Loss(scores, label, kernels.Normalizer(scores), options);

    public static double Loss(RowKernels kernels, ReadOnlySpan<float> scores, ReadOnlySpan<float> target, in CrossEntropyOptions options)
        => scores.IsEmpty ? 0.0 : Loss(scores, target, kernels.Normalizer(scores), options);

    public static double LossAndGradient(RowKernels kernels, ReadOnlySpan<float> scores, int label, Span<float> gradient, in CrossEntropyOptions options)
    {
        var onLabel = (1f - options.LabelSmoothing) * options.WeightOf(label);
        double loss;
        if (options.LabelSmoothing == 0f)
        {
            // In place, the scores are gone once the probabilities are written.
            var score = scores[label];
            loss = Cost(onLabel, score, kernels.SoftmaxAndNormalizer(scores, gradient));
            if (onLabel != 1f)
            {
                for (var c = 0; c < gradient.Length; c++)
                    gradient[c] *= onLabel;
            }
        }
        else
        {
            loss = Loss(scores, label, kernels.Normalizer(scores), options);
            kernels.Softmax(scores, gradient, 1f);
            var each = options.LabelSmoothing / scores.Length;
            var sum = onLabel + (each * SumOfWeights(scores.Length, options));
            for (var c = 0; c < gradient.Length; c++)
                gradient[c] = (gradient[c] * sum) - (each * options.WeightOf(c));
        }

        gradient[label] -= onLabel;
        return loss;
    }

    public static double LossAndGradient(RowKernels kernels, ReadOnlySpan<float> scores, ReadOnlySpan<float> target, Span<float> gradient, in CrossEntropyOptions options)
    {
        var loss = Loss(kernels, scores, target, options);
        kernels.Softmax(scores, gradient, 1f);
        var sum = 0.0;
        for (var c = 0; c < target.Length; c++)
            sum += TargetWeight(target, c, options);
        for (var c = 0; c < target.Length; c++)
            gradient[c] = (float)((gradient[c] * sum) - TargetWeight(target, c, options));
        return loss;
    }

    private static double Loss(ReadOnlySpan<float> scores, int label, LogNormalizer normalizer, in CrossEntropyOptions options)
    {
        var loss = Cost((1f - options.LabelSmoothing) * options.WeightOf(label), scores[label], normalizer);
        if (options.LabelSmoothing == 0f)
            return loss;
        var each = options.LabelSmoothing / scores.Length;
        for (var c = 0; c < scores.Length; c++)
            loss += Cost(each * options.WeightOf(c), scores[c], normalizer);
        return loss;
    }

    private static double Loss(ReadOnlySpan<float> scores, ReadOnlySpan<float> target, LogNormalizer normalizer, in CrossEntropyOptions options)
    {
        var loss = 0.0;
        for (var c = 0; c < scores.Length; c++)
            loss += Cost(TargetWeight(target, c, options), scores[c], normalizer);
        return loss;
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
