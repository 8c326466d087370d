using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of one row and their sum, in one sweep: the shift is guessed from the first scores, which need only be within some 40 nats
/// of the largest, and checked afterwards. Where the guess was wrong, a sweep for the largest score comes first, and another follows.
/// </summary>
internal static unsafe class RowExponentials<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the exponentials, not in place unless the row is kept elsewhere; work may be done alongside.</summary>
    public static double Write<TAlongside>(float* scores, float* target, int count, in ExponentScale scale, in TAlongside alongside, out RowShift shift)
        where TAlongside : struct, IAlongside
        => Compute<Yes, TAlongside>(scores, target, count, scale, alongside, out shift);

    /// <summary>Sums without writing; work may be done alongside.</summary>
    public static double Sum<TAlongside>(float* scores, int count, in ExponentScale scale, in TAlongside alongside, out RowShift shift)
        where TAlongside : struct, IAlongside
        => Compute<No, TAlongside>(scores, scores, count, scale, alongside, out shift);

    /// <summary>Writes the exponentials over the scores.</summary>
    public static double WriteInPlace(float* scores, int count, in ExponentScale scale, out RowShift shift)
    {
        shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        return RowSweep<TLanes>.Exponentials<Yes, Nothing>(scores, scores, count, scale, shift, default);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Compute<TWrite, TAlongside>(float* scores, float* target, int count, in ExponentScale scale, in TAlongside alongside, out RowShift shift)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside
    {
        shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, Math.Min(count, 4 * TLanes.Count)), scale);
        if (shift.Offset != 0f)
        {
            shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
            return RowSweep<TLanes>.Exponentials<TWrite, TAlongside>(scores, target, count, scale, shift, alongside);
        }

        var sum = RowSweep<TLanes>.GuessedExponentials<TWrite, TAlongside>(scores, target, count, scale, shift, alongside, out var fits);
        if (fits)
            return sum;
        shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        return RowSweep<TLanes>.Exponentials<TWrite, Nothing>(scores, target, count, scale, shift, default);
    }
}
