using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The cross-entropy of many rows that follow each other: their softmax or
/// its normalisers in one go, then row by row what the targets make of it.
/// </summary>
/// <remarks>The losses of so many rows at a time are added up first, whatever
/// the number of threads, so that the sum is the same to the bit.</remarks>
internal static unsafe class CrossEntropyBatch
{
    private const int RowsAtATime = 256;

    /// <summary>
    /// Sums the losses against labels, all of them valid or ignored; writes the gradient, in place or not, unless it is empty.
    /// </summary>
    public static CrossEntropyTotal Run(
        RowKernels kernels, ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels,
        Span<float> gradient, in CrossEntropyOptions options, int threads)
    {
        fixed (float* input = scores, output = gradient, weights = options.ClassWeights)
        fixed (int* targets = labels)
            return Run(new Work(kernels, input, output, classCount, labels.Length, targets, null, weights, options), threads);
    }

    /// <summary>Sums the losses against distributions; writes the gradient, in place or not, unless it is empty.</summary>
    public static CrossEntropyTotal Run(
        RowKernels kernels, ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets,
        Span<float> gradient, in CrossEntropyOptions options, int threads)
    {
        fixed (float* input = scores, output = gradient, distributions = targets, weights = options.ClassWeights)
            return Run(new Work(kernels, input, output, classCount,
                scores.Length / Math.Max(1, classCount), null, distributions, weights, options), threads);
    }

    private static CrossEntropyTotal Run(Work work, int threads)
    {
        var blockCount = (work.RowCount + RowsAtATime - 1) / RowsAtATime;
        var total = default(CrossEntropyTotal);
        if (RowPartition.ShareCount(work.RowCount, work.ClassCount, threads) <= 1)
        {
            for (var block = 0; block < blockCount; block++)
                total += work.Run(block);
            return total;
        }

        var totals = new CrossEntropyTotal[blockCount];
        Parallel.For(0, blockCount, new ParallelOptions { MaxDegreeOfParallelism = threads }, block => totals[block] = work.Run(block));
        foreach (var blockTotal in totals)
            total += blockTotal;
        return total;
    }

    private readonly struct Work(
        RowKernels kernels, float* scores, float* gradient, int classCount, int rowCount,
        int* labels, float* targets, float* weights, in CrossEntropyOptions options)
    {
        private readonly bool weighted = !options.ClassWeights.IsEmpty;
        private readonly float smoothing = options.LabelSmoothing;
        private readonly int? ignoredLabel = options.IgnoredLabel;

        public int ClassCount => classCount;

        public int RowCount => rowCount;

        private CrossEntropyOptions Options => new()
        {
            ClassWeights = weighted ? new ReadOnlySpan<float>(weights, classCount) : default,
            LabelSmoothing = smoothing,
            IgnoredLabel = ignoredLabel,
        };

        [SkipLocalsInit]
        public CrossEntropyTotal Run(int block)
        {
            var first = block * RowsAtATime;
            var count = Math.Min(RowsAtATime, rowCount - first);
            var start = (nint)first * classCount;
            var rows = new ReadOnlySpan<float>(scores + start, count * classCount);
            var result = gradient == null ? default : new Span<float>(gradient + start, rows.Length);
            Span<LogNormalizer> normalizers = stackalloc LogNormalizer[RowsAtATime];
            if (targets != null || smoothing != 0f)
            {
                kernels.Normalizers(rows, classCount, normalizers);
                var total = Losses(rows, first, count, normalizers);
                if (gradient != null)
                    kernels.SoftmaxRows(rows, result, classCount, 1f, isOutOfCache: false);
                ToGradients(result, first);
                return total;
            }

            // In place, the scores are gone once the probabilities are written.
            Span<float> labelScores = stackalloc float[RowsAtATime];
            for (var row = 0; row < count; row++)
                labelScores[row] = IsIgnored(first + row) ? 0f : rows[(row * classCount) + labels[first + row]];
            if (gradient != null)
                kernels.SoftmaxAndNormalizers(rows, result, classCount, normalizers);
            else
                kernels.Normalizers(rows, classCount, normalizers);
            ToGradients(result, first);
            return LossesOnLabels(labelScores, first, count, normalizers);
        }

        private CrossEntropyTotal LossesOnLabels(
            ReadOnlySpan<float> labelScores, int first, int count, ReadOnlySpan<LogNormalizer> normalizers)
        {
            var options = Options;
            var (loss, weight, kept) = (0.0, 0.0, 0L);
            for (var row = 0; row < count; row++)
            {
                if (IsIgnored(first + row))
                    continue;
                var label = labels[first + row];
                loss += CrossEntropyRow.Loss(labelScores[row], label, normalizers[row], options);
                weight += options.WeightOf(label);
                kept++;
            }

            return new CrossEntropyTotal(loss, weight, kept);
        }

        private CrossEntropyTotal Losses(ReadOnlySpan<float> rows, int first, int count, ReadOnlySpan<LogNormalizer> normalizers)
        {
            var options = Options;
            var total = default(CrossEntropyTotal);
            for (var row = 0; row < count; row++)
            {
                var values = rows.Slice(row * classCount, classCount);
                if (targets != null)
                    total += new CrossEntropyTotal(CrossEntropyRow.Loss(values, Target(first + row), normalizers[row], options), 1, 1);
                else if (!IsIgnored(first + row))
                    total += new CrossEntropyTotal(CrossEntropyRow.Loss(values, labels[first + row], normalizers[row], options),
                        options.WeightOf(labels[first + row]), 1);
            }

            return total;
        }

        private void ToGradients(Span<float> probabilities, int row)
        {
            var options = Options;
            for (; !probabilities.IsEmpty; probabilities = probabilities[classCount..], row++)
            {
                var result = probabilities[..classCount];
                if (targets != null)
                    CrossEntropyRow.ToGradient(result, Target(row), options);
                else if (IsIgnored(row))
                    result.Clear();
                else
                    CrossEntropyRow.ToGradient(result, labels[row], options);
            }
        }

        private bool IsIgnored(int row) => labels[row] == ignoredLabel;

        private ReadOnlySpan<float> Target(int row) => new(targets + ((nint)row * classCount), classCount);
    }
}

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
