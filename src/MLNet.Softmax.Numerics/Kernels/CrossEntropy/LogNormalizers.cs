using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>ln of the sum of exp(z) for each of many rows, and the score of each row's label.</summary>
/// <remarks>
/// In parts, so that a score can be subtracted without loss even where both are huge: what was subtracted from every score of the row, and
/// the logarithm of the sum that is left as a high and a low float. Each part is an array, because most rows are done 16 together.
/// </remarks>
internal readonly unsafe ref struct LogNormalizers
{
    private const int LineLength = 16;

    // Between arrays: where two places differ by whole pages, the processor takes one for the other at first, and waits.
    private const int Gap = 5 * LineLength;

    /// <summary>Room for a line of the kernel's own.</summary>
    public readonly float* Scratch;

    public readonly float* Offsets;
    public readonly float* High;
    public readonly float* Low;
    public readonly float* LabelScores;

    /// <param name="room">Memory on the stack, as much as <see cref="RoomFor"/> says.</param>
    /// <param name="rowCount">How many rows there are at most, a multiple of 16.</param>
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
