using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The normalisers of many rows that follow each other, at temperature 1.</summary>
internal static unsafe class NormalizerBatch<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const int RowsAtATime = 512;

    /// <summary>
    /// Finds the normalisers of rows of at least one class, and writes the
    /// probabilities if <typeparamref name="TWrite"/> says so; in place or not.
    /// </summary>
    public static void Write<TWrite>(float* scores, float* probabilities, int rowCount, int classCount, Span<LogNormalizer> normalizers)
        where TWrite : struct, IChoice
    {
        var scale = ExponentScale.For(1f);
        var row = 0;
        while (PackedRows.Suits<TLanes>(rowCount - row, classCount, isOutOfCache: false))
        {
            var start = (nint)row * classCount;
            var count = Math.Min(RowsAtATime, rowCount - row);
            row += WritePacked<TWrite>(scores + start, probabilities + start, count, classCount, scale, normalizers[row..]);
        }

        for (; row < rowCount; row++)
        {
            var start = (nint)row * classCount;
            RowSum sum;
            if (TWrite.IsYes)
                SoftmaxRow<TLanes>.Write(scores + start, probabilities + start, classCount, scale, out sum);
            else
                SoftmaxRow<TLanes>.Sum(scores + start, classCount, scale, out sum);
            normalizers[row] = new LogNormalizer(sum);
        }
    }

    [SkipLocalsInit]
    private static int WritePacked<TWrite>(
        float* scores, float* probabilities, int rowCount, int classCount, in ExponentScale scale, Span<LogNormalizer> normalizers)
        where TWrite : struct, IChoice
    {
        var sums = stackalloc float[3 * RowsAtATime];
        var powers = sums + RowsAtATime;
        var offsets = powers + RowsAtATime;
        var written = TWrite.IsYes
            ? PackedRows.Write(scores, probabilities, rowCount, classCount, scale,
                isOutOfCache: false, new NormalizerEnd<SoftmaxEnd>(sums, powers, offsets))
            : PackedRows.Write(
                scores, probabilities, rowCount, classCount, scale, isOutOfCache: false, new NormalizerEnd<NoEnd>(sums, powers, offsets));
        Span<double> logarithms = stackalloc double[RowsAtATime];
        logarithms = logarithms[..written];
        TensorPrimitives.ConvertChecked(new ReadOnlySpan<float>(sums, written), logarithms);
        TensorPrimitives.Log(logarithms, logarithms);
        for (var row = 0; row < written; row++)
            normalizers[row] = new LogNormalizer(offsets[row], logarithms[row] - LogNormalizer.Excess(powers[row]) - Lanes512.Excess);
        return written;
    }
}
