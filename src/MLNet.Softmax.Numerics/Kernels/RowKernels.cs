namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The kernels on one path, and the selection of this machine's path. This class has the scalar ones, plain loops in double precision, for
/// machines without vectors. Each vector width overrides them, except for temperatures so extreme that floats would overflow or lose
/// precision.
/// </summary>
internal unsafe class RowKernels
{
    /// <summary>The scalar kernels.</summary>
    public static readonly RowKernels Scalar = new();

    /// <summary>
    /// The widest path that the hardware accelerates. Read-only, so that calls through it are direct in fully optimised code.
    /// </summary>
    public static readonly RowKernels Best = On(
        VectorSupport.IsInterpreted ? KernelPath.Scalar
        : Vector512.IsHardwareAccelerated ? KernelPath.Vector512
        : Vector256.IsHardwareAccelerated ? KernelPath.Vector256
        : Vector128.IsHardwareAccelerated ? KernelPath.Vector128
        : KernelPath.Scalar);

    /// <summary>The kernels on a given path: correct on every machine, fast if the hardware has that width.</summary>
    public static RowKernels On(KernelPath path) => path switch
    {
        KernelPath.Vector512 => new RowKernels<Lanes512>(),
        KernelPath.Vector256 => new RowKernels<Lanes256>(),
        KernelPath.Vector128 => new RowKernels<Lanes128>(),
        _ => Scalar,
    };

    /// <summary>Writes the softmax of one row; may be in place.</summary>
    public virtual void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature)
    {
        var (maximum, sum) = MaximumAndSum(scores, temperature);
        for (var i = 0; i < scores.Length; i++)
            probabilities[i] = (float)(Math.Exp((scores[i] - maximum) / temperature) / sum);
    }

    /// <summary>Writes the log-softmax of one row; may be in place.</summary>
    public virtual void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature)
    {
        var (maximum, sum) = MaximumAndSum(scores, temperature);
        var logarithm = Math.Log(sum);
        for (var i = 0; i < scores.Length; i++)
            logProbabilities[i] = (float)(((scores[i] - maximum) / temperature) - logarithm);
    }

    /// <summary>Returns ln of the sum of exp(z / T).</summary>
    public virtual double LogSumExp(ReadOnlySpan<float> scores, float temperature)
    {
        var (maximum, sum) = MaximumAndSum(scores, temperature);
        return double.IsInfinity(maximum) ? maximum : (maximum / temperature) + Math.Log(sum);
    }

    /// <summary>Writes the softmax of contiguous rows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public virtual void SoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, float temperature, bool isOutOfCache)
    {
        for (var start = 0; start < scores.Length; start += classCount)
            Softmax(scores.Slice(start, classCount), probabilities.Slice(start, classCount), temperature);
    }

    /// <summary>Writes the log-softmax of contiguous rows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public virtual void LogSoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> logProbabilities, int classCount, float temperature, bool isOutOfCache)
    {
        for (var start = 0; start < scores.Length; start += classCount)
            LogSoftmax(scores.Slice(start, classCount), logProbabilities.Slice(start, classCount), temperature);
    }

    /// <summary>
    /// Computes the normalisers of contiguous, non-empty rows at temperature 1, with the scores of their labels, if any. Writes the
    /// gradients of their cross-entropy, in place or not, unless that span is empty.
    /// </summary>
    public virtual void Normalizers(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, Span<float> gradients,
        int classCount, in LogNormalizers normalizers, bool isOutOfCache)
    {
        for (var row = 0; row < scores.Length / classCount; row++)
        {
            var own = scores.Slice(row * classCount, classCount);
            var (maximum, sum) = MaximumAndSum(own, 1f);
            normalizers.Set(row, new LogNormalizer((float)maximum, Math.Log(sum)));
            if (!labels.IsEmpty)
                normalizers.LabelScores[row] = own[labels[row]];
        }

        if (gradients.IsEmpty)
            return;
        SoftmaxRows(scores, gradients, classCount, 1f, isOutOfCache);
        for (var row = 0; row < labels.Length; row++)
            gradients[(row * classCount) + labels[row]] -= 1f;
    }

    /// <summary>Writes the k largest values of each row, k at most the class count, with their indices in the row.</summary>
    public virtual void TopK(ReadOnlySpan<float> scores, int classCount, int k, Span<int> indices, Span<float> values)
    {
        fixed (float* input = scores, outputValues = values)
        fixed (int* outputIndices = indices)
            TopKSort.WriteRows(input, scores.Length / classCount, classCount, k, outputIndices, outputValues);
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

/// <summary>The vector widths that the kernels exist in, and plain loops in double precision.</summary>
internal enum KernelPath { Scalar, Vector128, Vector256, Vector512 }

/// <summary>The kernels in one vector width.</summary>
internal sealed unsafe class RowKernels<TLanes> : RowKernels
    where TLanes : unmanaged, ILanes<TLanes>
{
    [MethodImpl(Hot.Loop)]
    public override void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature)
    {
        if (!ExponentScale.Covers(temperature))
            base.Softmax(scores, probabilities, temperature);
        else
            fixed (float* input = scores, output = probabilities)
            {
                if (scores.Length != 2 || !PairRow.TrySoftmax(input, output, ExponentScale.For(temperature)))
                    SoftmaxRow<TLanes>.Write(input, output, scores.Length, ExponentScale.For(temperature), out _);
            }
    }

    [MethodImpl(Hot.Loop)]
    public override void Normalizers(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, Span<float> gradients,
        int classCount, in LogNormalizers normalizers, bool isOutOfCache)
    {
        var rowCount = scores.Length / classCount;
        fixed (float* input = scores, output = gradients)
        fixed (int* targets = labels)
        {
            if (output == null)
                NormalizerBatch<TLanes>.Write<SumsOnly>(input, targets, input, rowCount, classCount, normalizers, isOutOfCache);
            else
                NormalizerBatch<TLanes>.Write<WritesResults>(
                    input, targets, output, rowCount, classCount, normalizers, isOutOfCache && IsWhole(output));
        }
    }

    [MethodImpl(Hot.Loop)]
    public override double LogSumExp(ReadOnlySpan<float> scores, float temperature)
    {
        if (!ExponentScale.Covers(temperature))
            return base.LogSumExp(scores, temperature);
        fixed (float* input = scores)
        {
            SoftmaxRow<TLanes>.Sum(input, scores.Length, ExponentScale.For(temperature), out var sum);
            return float.IsFinite(sum.Offset) ? new LogNormalizer(sum, temperature).Value
                : base.LogSumExp(scores, temperature);
        }
    }

    [MethodImpl(Hot.Loop)]
    public override void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature)
    {
        if (!ExponentScale.Covers(temperature))
            base.LogSoftmax(scores, logProbabilities, temperature);
        else
            fixed (float* input = scores, output = logProbabilities)
                LogSoftmaxRow<TLanes>.Write(input, output, scores.Length, temperature, ExponentScale.For(temperature));
    }

    [MethodImpl(Hot.Loop)]
    public override void SoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, float temperature, bool isOutOfCache)
    {
        if (!ExponentScale.Covers(temperature))
            base.SoftmaxRows(scores, probabilities, classCount, temperature, isOutOfCache);
        else
            fixed (float* input = scores, output = probabilities)
                Dispatch<TLanes>.Softmax(input, output, scores.Length / Math.Max(1, classCount),
                    classCount, ExponentScale.For(temperature), isOutOfCache && IsWhole(output));
    }

    [MethodImpl(Hot.Loop)]
    public override void LogSoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> logProbabilities, int classCount, float temperature, bool isOutOfCache)
    {
        if (!ExponentScale.Covers(temperature))
            base.LogSoftmaxRows(scores, logProbabilities, classCount, temperature, isOutOfCache);
        else
            fixed (float* input = scores, output = logProbabilities)
                Dispatch<TLanes>.LogSoftmax(input, output, scores.Length / Math.Max(1, classCount),
                    classCount, temperature, ExponentScale.For(temperature), isOutOfCache && IsWhole(output));
    }

    [MethodImpl(Hot.Loop)]
    public override void TopK(ReadOnlySpan<float> scores, int classCount, int k, Span<int> indices, Span<float> values)
    {
        fixed (float* input = scores, outputValues = values)
        fixed (int* outputIndices = indices)
            TopKBatch<TLanes>.Write(input, scores.Length / classCount, classCount, k, outputIndices, outputValues);
    }

    // Direct writes to memory need whole lines, which misaligned floats do not have.
    private static bool IsWhole(float* target) => (nint)target % sizeof(float) == 0;
}
