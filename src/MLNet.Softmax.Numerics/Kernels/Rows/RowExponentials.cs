using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of one row and their sum, in one sweep: the shift is guessed from the first scores, which need only be within some 20
/// nats of the largest, and checked afterwards. Where the guess was wrong, a sweep for the largest score comes first, and another follows.
/// A row's result depends on nothing but the row, never on what lies around it.
/// </summary>
internal static unsafe class RowExponentials<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Sums the exponentials, and writes them if <typeparamref name="TWrite"/> says so, not in place; work may be done alongside.
    /// </summary>
    /// <param name="scores">The row.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="scale">The temperature.</param>
    /// <param name="alongside">What to do meanwhile.</param>
    /// <param name="result">Their sum.</param>
    /// <param name="trusting">Whether to start without a look at the row's last
    /// scores, which memory may not have sent yet; the result is the same.</param>
    /// <returns>Whether the scores lie near each other: see <see cref="NearSweep"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Compute<TWrite, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, in TAlongside alongside, out RowSum result, bool trusting = false)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside
    {
        if (typeof(TLanes) == typeof(Lanes512) && Avx512F.IsSupported
            && NearSweep.TryGuess(scores, count, scale, out var exponent, trusting))
        {
            if (NearSweep.TryExponentials<TWrite, TAlongside>(scores, target, count, scale, exponent, alongside, out result))
                return true;
            Exactly<TWrite, Nothing>(scores, target, count, scale, default, out result);
            return false;
        }

        var guess = RowShift.For(RowSweep<TLanes>.Maximum(scores, Math.Min(count, 4 * TLanes.Count)), scale);
        if (guess.Offset != 0f)
            Exactly<TWrite, TAlongside>(scores, target, count, scale, alongside, out result);
        else if (!RowSweep<TLanes>.TryExponentials<TWrite, TAlongside>(scores, target, count, scale, guess, alongside, out result))
            Exactly<TWrite, Nothing>(scores, target, count, scale, default, out result);
        return false;
    }

    [MethodImpl(Hot.Kernel)]
    private static void Exactly<TWrite, TAlongside>(
        float* scores, float* target, int count, in ExponentScale scale, TAlongside alongside, out RowSum result)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside
    {
        var shift = RowShift.For(RowSweep<TLanes>.Maximum(scores, count), scale);
        RowSweep<TLanes>.TryExponentials<TWrite, TAlongside>(scores, target, count, scale, shift, alongside, out result);
    }
}
