namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>ln of the sum of exp(z) for each of many rows, and the score of each row's label.</summary>
/// <remarks>
/// Stored in parts, so that subtracting a score is exact even if both are huge: the offset that was subtracted from every score of the row,
/// and the logarithm of the remaining sum as a high and a low float. Each part is an array, because most rows are processed 16 at a time.
/// </remarks>
internal readonly unsafe ref struct LogNormalizers
{
    private const int LineLength = 16;

    // The gap between arrays: if two addresses differ by whole pages, the processor at first treats them as the same, and waits.
    private const int Gap = 5 * LineLength;

    /// <summary>Scratch space of one line for the kernel.</summary>
    public readonly float* Scratch;

    public readonly float* Offsets;
    public readonly float* High;
    public readonly float* Low;
    public readonly float* LabelScores;

    /// <param name="room">Memory on the stack, of the size that <see cref="RoomFor"/> returns.</param>
    /// <param name="rowCount">The maximum number of rows, a multiple of 16.</param>
    public LogNormalizers(Span<float> room, int rowCount)
    {
        const int LineSize = LineLength * sizeof(float);
        Scratch = (float*)(((nint)Unsafe.AsPointer(ref room[0]) + LineSize - 1) & -LineSize);
        Offsets = Scratch + LineLength;
        High = Offsets + rowCount + Gap;
        Low = High + rowCount + Gap;
        LabelScores = Low + rowCount + Gap;
    }

    public static int RoomFor(int rowCount) => (2 * LineLength) + (4 * (rowCount + Gap));

    public LogNormalizer this[int row] => new(Offsets[row], (double)High[row] + Low[row]);

    public void Set(int row, in LogNormalizer value)
    {
        Offsets[row] = value.Offset;
        High[row] = (float)value.Remainder;
        Low[row] = (float)(value.Remainder - High[row]);
    }

    /// <summary>The loss on a row's label.</summary>
    public double Loss(int row) => this[row].Above(LabelScores[row]);

    /// <summary>Sums the losses on the labels of rows from the first on.</summary>
    [MethodImpl(Hot.Loop)]
    public double SumOfLosses(int rowCount)
    {
        var total = Vector<double>.Zero;
        var row = 0;
        for (; row <= rowCount - Vector<float>.Count; row += Vector<float>.Count)
        {
            Vector.Widen(Vector.Load(Offsets + row), out var offset, out var nextOffset);
            Vector.Widen(Vector.Load(High + row), out var high, out var nextHigh);
            Vector.Widen(Vector.Load(Low + row), out var low, out var nextLow);
            Vector.Widen(Vector.Load(LabelScores + row), out var score, out var nextScore);

            // NaN stays NaN: it is the second operand.
            total += Vector.MaxNative(Vector<double>.Zero, (offset - score) + (high + low))
                + Vector.MaxNative(Vector<double>.Zero, (nextOffset - nextScore) + (nextHigh + nextLow));
        }

        var sum = Vector.Sum(total);
        for (; row < rowCount; row++)
            sum += Loss(row);
        return sum;
    }
}

/// <summary>ln of the sum of exp(z / T) of one row: the sum of an offset, divided by T, and a remainder.</summary>
internal readonly struct LogNormalizer(float offset, double remainder, float temperature = 1f)
{
    public LogNormalizer(in RowSum sum, float temperature = 1f)
        : this(sum.Offset, Math.Log(sum.Value) - sum.Excess, temperature)
    {
    }

    public float Offset => offset;
    public double Remainder => remainder;

    /// <summary>The log-sum-exp itself; NaN when the row has no softmax.</summary>
    public double Value => (offset / (double)temperature) + remainder;

    /// <summary>log-sum-exp - z / T, which is -ln p of that score, and never below 0.</summary>
    public double Above(float score) => Math.Max(0.0, (((double)offset - score) / temperature) + remainder);

    /// <summary>The amount by which the logarithm of a sum shifted by a power is too large.</summary>
    public static double Excess(float power) => power * NaturalLogarithmOfTwo.Value;
}

/// <summary>The sum of a row's exponentials, and the values that turn it into the row's log-sum-exp.</summary>
/// <remarks>Read it field by field: a copy of the whole structure would have to wait until every field has reached the cache.</remarks>
internal struct RowSum
{
    /// <summary>The sum of the shifted exponentials.</summary>
    public double Value;

    /// <summary>The amount by which its logarithm is too large.</summary>
    public double Excess;

    /// <summary>The offset subtracted from every score; 0 except for rows of extreme magnitude.</summary>
    public float Offset;
}
