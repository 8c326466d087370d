using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>The cross-entropy of many contiguous rows, block by block.</summary>
/// <remarks>
/// The losses of each block are summed first. The number of rows in a block depends only on their length, so the sum is bit-identical for
/// any number of threads.
/// </remarks>
internal static unsafe class CrossEntropyBatch
{
    /// <summary>
    /// Sums the losses against labels, all of them valid or ignored; writes the gradient, in place or not, unless it is empty.
    /// </summary>
    public static CrossEntropyTotal Run(
        RowKernels kernels, ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels,
        Span<float> gradient, in CrossEntropyOptions options, int threads)
    {
        fixed (float* input = scores, output = gradient, weights = options.ClassWeights)
        fixed (int* targets = labels)
            return Run(new CrossEntropyRows(kernels, input, output, classCount, labels.Length, targets, null, weights, options), threads);
    }

    /// <summary>Sums the losses against distributions; writes the gradient, in place or not, unless it is empty.</summary>
    public static CrossEntropyTotal Run(
        RowKernels kernels, ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets,
        Span<float> gradient, in CrossEntropyOptions options, int threads)
    {
        var rowCount = scores.Length / Math.Max(1, classCount);
        fixed (float* input = scores, output = gradient, distributions = targets, weights = options.ClassWeights)
            return Run(new CrossEntropyRows(kernels, input, output, classCount, rowCount, null, distributions, weights, options), threads);
    }

    private static CrossEntropyTotal Run(in CrossEntropyRows rows, int threads)
    {
        if (RowPartition.ShareCount(rows.RowCount, rows.ClassCount, threads) > 1)
            return RunOnThreads(rows, threads);
        var total = default(CrossEntropyTotal);
        if (rows.ClassCount == 0)
            return total;
        for (var block = 0; block < rows.BlockCount; block++)
            total += rows.RunBlock(block);
        return total;
    }

    // A separate method, because the state that threads share is allocated on entry, and one thread does not need it.
    private static CrossEntropyTotal RunOnThreads(CrossEntropyRows rows, int threads)
    {
        var totals = new CrossEntropyTotal[rows.BlockCount];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, totals.Length, options, block => totals[block] = rows.RunBlock(block));
        return totals.Aggregate((sum, next) => sum + next);
    }
}

/// <summary>Rows and their targets, which are labels or distributions.</summary>
/// <remarks>
/// Every kind of target reduces to a weight a[c] on each class: the loss is the sum of a[c] (logsumexp(z) - z[c]), and its gradient is p[c]
/// * (sum of a) - a[c]. Labels without smoothing have one weight in each row: kernels compute the loss and the gradient in one sweep.
/// </remarks>
internal readonly unsafe struct CrossEntropyRows(
    RowKernels kernels, float* scores, float* gradient, int classCount, int rowCount,
    int* labels, float* targets, float* weights, in CrossEntropyOptions options)
{
    // The size of a block: many rows, because each block adds up to three rounds of 16 rows, but few values, so that there are enough
    // blocks for all threads.
    private const int MostRows = 1_024, MostValues = 65_536;

    // Kernels process this many rows together: the rows of a block are a multiple of it.
    private const int RowsTakenTogether = 16;

    private readonly int rowsOfABlock = Math.Clamp(MostValues / Math.Max(1, classCount), RowsTakenTogether, MostRows) & -RowsTakenTogether;
    private readonly bool isOutOfCache = OutOfCache.IsFor(rowCount, classCount);
    private readonly double shareOnTarget = 1.0 - options.LabelSmoothing;
    private readonly double shareOnEach = options.LabelSmoothing / (double)classCount;
    private readonly int? ignoredLabel = options.IgnoredLabel;

    public int ClassCount => classCount;

    public int RowCount => rowCount;

    public int BlockCount => (rowCount + rowsOfABlock - 1) / rowsOfABlock;

    /// <summary>Sums the losses of one block of rows, and writes their gradients.</summary>
    [SkipLocalsInit]
    public CrossEntropyTotal RunBlock(int block)
    {
        var first = block * rowsOfABlock;
        var count = Math.Min(rowsOfABlock, rowCount - first);
        var start = (nint)first * classCount;
        var input = new ReadOnlySpan<float>(scores + start, count * classCount);
        var output = gradient == null ? default : new Span<float>(gradient + start, input.Length);
        var normalizers = new LogNormalizers(stackalloc float[LogNormalizers.RoomFor(MostRows)], MostRows);
        if (targets != null || shareOnEach != 0.0)
        {
            kernels.Normalizers(input, [], [], classCount, normalizers, isOutOfCache);
            var total = Losses(first, count, normalizers);
            if (gradient != null)
                kernels.SoftmaxRows(input, output, classCount, 1f, isOutOfCache: false);
            ToGradients(output, first);
            return total;
        }

        scoped var ownLabels = new ReadOnlySpan<int>(labels + first, count);
        Span<int> safe = stackalloc int[ignoredLabel == null ? 0 : MostRows];
        if (ignoredLabel is { } ignored)
        {
            // Any class is fine: the results for these rows are overwritten.
            ownLabels.Replace(safe, ignored, 0);
            ownLabels = safe[..count];
        }

        kernels.Normalizers(input, ownLabels, output, classCount, normalizers, isOutOfCache);
        return weights == null && ignoredLabel == null
            ? new CrossEntropyTotal(normalizers.SumOfLosses(count), count, count)
            : Weigh(first, count, normalizers, output);
    }

    /// <summary>Multiplies the gradients by the weight of their label, 0 for the ignored one, and sums the losses likewise.</summary>
    [MethodImpl(Hot.Loop)]
    private CrossEntropyTotal Weigh(int first, int count, in LogNormalizers normalizers, Span<float> gradients)
    {
        var (sum, weightSum, kept) = (0.0, 0.0, 0L);
        for (var row = 0; row < count; row++)
        {
            var result = gradients.IsEmpty ? default : gradients.Slice(row * classCount, classCount);
            var label = labels[first + row];
            if (label == ignoredLabel)
            {
                result.Clear();
                continue;
            }

            var weight = WeightOf(label);
            if (weight != 1f)
            {
                foreach (ref var value in result)
                    value *= weight;
            }

            sum += Cost(weight, normalizers.Loss(row));
            weightSum += weight;
            kept++;
        }

        return new CrossEntropyTotal(sum, weightSum, kept);
    }

    [MethodImpl(Hot.Loop)]
    private CrossEntropyTotal Losses(int first, int count, in LogNormalizers normalizers)
    {
        var (sum, weightSum, kept) = (0.0, 0.0, 0L);
        for (var row = 0; row < count; row++)
        {
            if (IsIgnored(first + row))
                continue;
            var normalizer = normalizers[row];
            var own = scores + ((nint)(first + row) * classCount);
            for (var c = 0; c < classCount; c++)
                sum += Cost(TargetWeight(first + row, c), normalizer.Above(own[c]));
            weightSum += targets != null ? 1f : WeightOf(labels[first + row]);
            kept++;
        }

        return new CrossEntropyTotal(sum, weightSum, kept);
    }

    /// <summary>Turns probabilities into gradients.</summary>
    [MethodImpl(Hot.Loop)]
    private void ToGradients(Span<float> probabilities, int row)
    {
        for (; !probabilities.IsEmpty; probabilities = probabilities[classCount..], row++)
        {
            if (IsIgnored(row))
            {
                probabilities[..classCount].Clear();
                continue;
            }

            var sum = 0.0;
            for (var c = 0; c < classCount; c++)
                sum += TargetWeight(row, c);
            for (var c = 0; c < classCount; c++)
                probabilities[c] = (float)((probabilities[c] * sum) - TargetWeight(row, c));
        }
    }

    private bool IsIgnored(int row) => labels != null && labels[row] == ignoredLabel;

    private float WeightOf(int label) => weights == null ? 1f : weights[label];

    /// <summary>a[c].</summary>
    [MethodImpl(Hot.Inline)]
    private double TargetWeight(int row, int c)
    {
        var target = targets != null ? targets[((nint)row * classCount) + c] : labels[row] == c ? 1f : 0f;
        return WeightOf(c) * ((shareOnTarget * target) + shareOnEach);
    }

    /// <summary>a (logsumexp - z), where 0 times infinity is 0, but a row without a softmax stays NaN.</summary>
    private static double Cost(double weight, double loss) => weight == 0.0 && double.IsInfinity(loss) ? 0.0 : weight * loss;
}
