namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The cross-entropy of one row. Every kind of target comes down to weights a[c] on the classes: the loss is the sum of
/// a[c] (logsumexp(z) - z[c]), and its gradient p[c] * (sum of a) - a[c].
/// </summary>
internal static class CrossEntropyRow
{
    public static double Loss(ReadOnlySpan<float> scores, int label, in CrossEntropyOptions options)
        => Loss(scores, label, DoublePrecisionRow.LogSumExp(scores, 1f), options);

    public static double Loss(ReadOnlySpan<float> scores, ReadOnlySpan<float> target, in CrossEntropyOptions options)
        => Loss(scores, target, DoublePrecisionRow.LogSumExp(scores, 1f), options);

    public static double LossAndGradient(ReadOnlySpan<float> scores, int label, Span<float> gradient, in CrossEntropyOptions options)
    {
        // In place, the scores are gone once the probabilities are written.
        var logSumExp = DoublePrecisionRow.LogSumExp(scores, 1f);
        var loss = Loss(scores, label, logSumExp, options);
        DoublePrecisionRow.Softmax(scores, gradient, 1f);
        var onLabel = (1f - options.LabelSmoothing) * options.WeightOf(label);
        if (options.LabelSmoothing > 0f)
        {
            var each = options.LabelSmoothing / scores.Length;
            var sum = onLabel + (each * SumOfWeights(scores.Length, options));
            for (var c = 0; c < gradient.Length; c++)
                gradient[c] = (gradient[c] * sum) - (each * options.WeightOf(c));
        }
        else if (onLabel != 1f)
        {
            for (var c = 0; c < gradient.Length; c++)
                gradient[c] *= onLabel;
        }

        gradient[label] -= onLabel;
        return loss;
    }

    public static double LossAndGradient(ReadOnlySpan<float> scores, ReadOnlySpan<float> target, Span<float> gradient, in CrossEntropyOptions options)
    {
        var logSumExp = DoublePrecisionRow.LogSumExp(scores, 1f);
        var loss = Loss(scores, target, logSumExp, options);
        DoublePrecisionRow.Softmax(scores, gradient, 1f);
        var sum = 0.0;
        for (var c = 0; c < target.Length; c++)
            sum += TargetWeight(target, c, options);
        for (var c = 0; c < target.Length; c++)
            gradient[c] = (float)((gradient[c] * sum) - TargetWeight(target, c, options));
        return loss;
    }

    private static double Loss(ReadOnlySpan<float> scores, int label, double logSumExp, in CrossEntropyOptions options)
    {
        var loss = Cost((1f - options.LabelSmoothing) * options.WeightOf(label), scores[label], logSumExp);
        if (options.LabelSmoothing == 0f)
            return loss;
        var each = options.LabelSmoothing / scores.Length;
        for (var c = 0; c < scores.Length; c++)
            loss += Cost(each * options.WeightOf(c), scores[c], logSumExp);
        return loss;
    }

    private static double Loss(ReadOnlySpan<float> scores, ReadOnlySpan<float> target, double logSumExp, in CrossEntropyOptions options)
    {
        var loss = 0.0;
        for (var c = 0; c < scores.Length; c++)
            loss += Cost(TargetWeight(target, c, options), scores[c], logSumExp);
        return loss;
    }

    /// <summary>a (logsumexp - z), where 0 times infinity is 0, but a row without a softmax stays NaN.</summary>
    private static double Cost(double weight, float score, double logSumExp)
        => weight == 0.0 && double.IsFinite(logSumExp) ? 0.0 : double.IsPositiveInfinity(logSumExp) ? double.NaN : weight * (logSumExp - score);

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
