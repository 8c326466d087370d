namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The kernels in one vector width.</summary>
internal sealed unsafe class RowKernels<TLanes> : RowKernels
    where TLanes : unmanaged, ILanes<TLanes>
{
    public override void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities, float temperature)
    {
        if (!ExponentScale.Covers(temperature))
        {
            base.Softmax(scores, probabilities, temperature);
            return;
        }

        fixed (float* input = scores, output = probabilities)
        {
            if (scores.Length != 2 || !PairRow.TrySoftmax(input, output, ExponentScale.For(temperature)))
                SoftmaxRow<TLanes>.Write(input, output, scores.Length, ExponentScale.For(temperature), out _);
        }
    }

    public override void Normalizers(ReadOnlySpan<float> scores, int classCount, Span<LogNormalizer> normalizers)
    {
        fixed (float* input = scores)
            NormalizerBatch<TLanes>.Write<No>(input, input, scores.Length / classCount, classCount, normalizers);
    }

    public override void SoftmaxAndNormalizers(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, Span<LogNormalizer> normalizers)
    {
        fixed (float* input = scores, output = probabilities)
            NormalizerBatch<TLanes>.Write<Yes>(input, output, scores.Length / classCount, classCount, normalizers);
    }

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

    public override void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logProbabilities, float temperature)
    {
        if (!ExponentScale.Covers(temperature))
        {
            base.LogSoftmax(scores, logProbabilities, temperature);
            return;
        }

        fixed (float* input = scores, output = logProbabilities)
            LogSoftmaxRow<TLanes>.Write(input, output, scores.Length, temperature, ExponentScale.For(temperature));
    }

    public override void SoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> probabilities, int classCount, float temperature, bool isOutOfCache)
    {
        if (!ExponentScale.Covers(temperature))
        {
            base.SoftmaxRows(scores, probabilities, classCount, temperature, isOutOfCache);
            return;
        }

        var scale = ExponentScale.For(temperature);
        fixed (float* input = scores, output = probabilities)
        {
            Dispatch<TLanes>.Softmax(
                input, output, scores.Length / Math.Max(1, classCount), classCount, scale, isOutOfCache && IsWhole(output));
        }
    }

    public override void LogSoftmaxRows(
        ReadOnlySpan<float> scores, Span<float> logProbabilities, int classCount, float temperature, bool isOutOfCache)
    {
        if (!ExponentScale.Covers(temperature))
        {
            base.LogSoftmaxRows(scores, logProbabilities, classCount, temperature, isOutOfCache);
            return;
        }

        fixed (float* input = scores, output = logProbabilities)
            Dispatch<TLanes>.LogSoftmax(input, output, scores.Length / Math.Max(1, classCount),
                classCount, temperature, ExponentScale.For(temperature), isOutOfCache && IsWhole(output));
    }

    public override void TopK(ReadOnlySpan<float> scores, int classCount, int k, Span<int> indices, Span<float> values)
    {
        fixed (float* input = scores, outputValues = values)
        fixed (int* outputIndices = indices)
        {
            TopKBatch<TLanes>.Write(input, scores.Length / classCount, classCount, k, outputIndices, outputValues);
        }
    }

    // What goes past the caches goes by lines, which floats in odd places have no whole number of.
    private static bool IsWhole(float* target) => (nint)target % sizeof(float) == 0;
}
