namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The normalisers of many contiguous rows at temperature 1, and the gradients of their cross-entropy.</summary>
internal static unsafe class NormalizerBatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Finds the normalisers of rows of at least one class, and the scores of their labels unless these are null. Writes the gradients of
    /// the losses, in place or not, if <typeparamref name="TGradient"/> says so: the probabilities, less 1 on the label.
    /// </summary>
    [MethodImpl(Hot.Kernel)]
    public static void Write<TGradient>(
        float* scores, int* labels, float* gradients, int rowCount, int classCount, in LogNormalizers normalizers, bool isOutOfCache)
        where TGradient : struct, IChoice
    {
        var scale = ExponentScale.For(1f);
        var row = 0;
        if (RowLoops.ArePacked<TLanes>(rowCount, classCount))
            row = PackedRows.Write(scores, gradients, rowCount, classCount, scale, isOutOfCache,
                new NormalizerEnd<TGradient>(scores, labels, classCount, normalizers));
        for (; row < rowCount; row++)
        {
            var start = (nint)row * classCount;
            if (labels != null)
                normalizers.LabelScores[row] = scores[start + labels[row]];
            RowSum sum;
            if (TGradient.IsYes)
                SoftmaxRow<TLanes>.Write(scores + start, gradients + start, classCount, scale, out sum);
            else
                SoftmaxRow<TLanes>.Sum(scores + start, classCount, scale, out sum);
            normalizers.Set(row, new LogNormalizer(sum));
            if (TGradient.IsYes)
                gradients[start + labels[row]] -= 1f;
        }
    }
}

/// <summary>Keeps the normalisers of rows that are taken 16 together, and lets their gradients be written.</summary>
internal unsafe struct NormalizerEnd<TGradient>(float* scores, int* labels, int classCount, in LogNormalizers normalizers) : IPackedEnd
    where TGradient : struct, IChoice
{
    private readonly float* offsets = normalizers.Offsets;
    private readonly float* high = normalizers.High;
    private readonly float* low = normalizers.Low;
    private readonly float* labelScores = normalizers.LabelScores;
    private readonly float* sums = normalizers.Scratch;
    private SoftmaxEnd softmax;

    public static bool Writes => TGradient.IsYes;

    [MethodImpl(Hot.Inline)]
    public void Prepare(int block, float* exponentials, Vector512<float> sum, Vector512<float> power, Vector512<float> offset)
    {
        nint first = block * Lanes512.Count;
        var logarithm = Logarithm<Lanes512>.OfShifted(new(sum), new(power), NaturalLogarithmOfTwo.Low, out var rest).Value;
        InOrder(logarithm).Store(high + first);
        InOrder(rest.Value - Vector512.Create((float)Lanes512.Excess)).Store(low + first);
        InOrder(offset).Store(offsets + first);
        softmax.Prepare(block, exponentials, sum, power, offset);
        if (labels == null)
            return;
        InOrder(sum).Store(sums);
        for (nint row = 0, start = 0; row < Lanes512.Count; row++, start += classCount)
        {
            var onLabel = start + labels[first + row];
            labelScores[first + row] = scores[(first * classCount) + onLabel];

            // The exponential minus the sum, divided by the sum, is the probability minus 1.
            if (TGradient.IsYes)
                exponentials[onLabel] -= sums[row];
        }
    }

    [MethodImpl(Hot.Inline)]
    public readonly Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
        where TPerRow : struct, IChoice
        => softmax.Apply<TPerRow>(exponentials, scores, lanes);

    [MethodImpl(Hot.Inline)]
    private static Vector512<float> InOrder(Vector512<float> byLane)
        => Avx512F.PermuteVar16x32(byLane, Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}
