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
    public static (RowShift Shift, double Sum) Write<TAlongside>(float* scores, float* target, int count, in ExponentScale scale, in TAlongside alongside)
        where TAlongside : struct, IAlongside
        => Compute<Yes, TAlongside>(scores, target, count, scale, alongside);

    /// <summary>Sums without writing; work may be done alongside.</summary>
    public static (RowShift Shift, double Sum) Sum<TAlongside>(float* scores, int count, in ExponentScale scale, in TAlongside alongside)
        where TAlongside : struct, IAlongside
        => Compute<No, TAlongside>(scores, scores, count, scale, alongside);

    /// <summary>Writes the exponentials over the scores.</summary>
    public static (RowShift Shift, double Sum) WriteInPlace(float* scores, int count, in ExponentScale scale)
    {
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        return (shift, RowSweep<TLanes>.Exponentials<Yes, Nothing>(scores, scores, count, scale, shift, default));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (RowShift Shift, double Sum) Compute<TWrite, TAlongside>(float* scores, float* target, int count, in ExponentScale scale, in TAlongside alongside)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside
    {
        var guess = RowShift.For(RowSweep<TLanes>.Maximum(scores, Math.Min(count, 4 * TLanes.Count)), scale);
        if (guess.Offset != 0f)
        {
            guess = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
            return (guess, RowSweep<TLanes>.Exponentials<TWrite, TAlongside>(scores, target, count, scale, guess, alongside));
        }

        var sum = RowSweep<TLanes>.GuessedExponentials<TWrite, TAlongside>(scores, target, count, scale, guess.Power, alongside, out var fits);
        if (fits)
            return (guess, sum);
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        return (shift, RowSweep<TLanes>.Exponentials<TWrite, Nothing>(scores, target, count, scale, shift, default));
    }
}
