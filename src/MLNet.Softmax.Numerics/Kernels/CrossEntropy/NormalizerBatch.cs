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

/// <summary>
/// ln of the sum of exp(z / T) of one row, in parts, so that a score can be taken from it without loss even where both are huge.
/// </summary>
internal readonly struct LogNormalizer(float offset, double remainder, float temperature = 1f)
{
    public LogNormalizer(in RowSum sum, float temperature = 1f)
        : this(sum.Offset, Math.Log(sum.Value) - sum.Excess, temperature)
    {
    }

    /// <summary>The log-sum-exp itself; NaN when the row has no softmax.</summary>
    public double Value => (offset / (double)temperature) + remainder;

    /// <summary>log-sum-exp - z / T, which is -ln p of that score, and never below 0.</summary>
    public double Above(float score) => Math.Max(0.0, (((double)offset - score) / temperature) + remainder);

    /// <summary>How much too large the logarithm is of a sum shifted by a power.</summary>
    public static double Excess(float power) => power * NaturalLogarithmOfTwo.Value;
}

/// <summary>The sum of a row's exponentials, and what leads from there to the row's log-sum-exp.</summary>
/// <remarks>Handed out field by field: to copy small structures whole the processor
/// would have to wait until the fields have left for the cache.</remarks>
internal struct RowSum
{
    /// <summary>The sum of the exponentials as they were computed, shifted.</summary>
    public double Value;

    /// <summary>How much too large its logarithm is.</summary>
    public double Excess;

    /// <summary>What was subtracted from every score; 0 but for rows of extreme magnitude.</summary>
    public float Offset;
}
