using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// What <see cref="PairBlock{TLanes}"/> does for 16 rows, for 64, four vectors a step (see <see cref="FourTogether"/>), with the same
/// result to the bit. Needs AVX-512.
/// </summary>
internal static unsafe class PairBlocks
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>How many rows go together.</summary>
    public const int RowCount = 64;

    /// <summary>
    /// Writes the softmax of so many rows at a time, up to where a probability is no normal number, and returns how many times.
    /// </summary>
    [MethodImpl(Hot.Kernel)]
    public static int Softmax(float* scores, float* probabilities, int blockCount, in ExponentScale scale)
    {
        var (high, low) = (Vector512.Create(scale.High), Vector512.Create(scale.Low));
        var limit = Vector512.Create(scale.FarthestNormal);
        var rounder = Vector512.Create(Lanes512.Rounder);
        var one = Vector512<float>.One;
        var (linear, square, cubic) = (Vector512.Create(scale.Linear), Vector512.Create(scale.Square), Vector512.Create(scale.Cubic));
        for (var block = 0; block < blockCount; block++)
        {
            var a = Difference(scores, out var lostA);
            var b = Difference(scores + 32, out var lostB);
            var c = Difference(scores + 64, out var lostC);
            var d = Difference(scores + 96, out var lostD);
            if (!Vector512.EqualsAll(Within(a, limit) & Within(b, limit) & Within(c, limit) & Within(d, limit), Vector512<int>.AllBitsSet))
                return block;
            FourTogether.Round(
                a, b, c, d, high, rounder, out var pa, out var pb, out var pc, out var pd, out var na, out var nb, out var nc, out var nd);
            FourTogether.Rest(ref a, ref b, ref c, ref d, na, nb, nc, nd, high, low);
            a = Vector512.FusedMultiplyAdd(lostA, high, a);
            b = Vector512.FusedMultiplyAdd(lostB, high, b);
            c = Vector512.FusedMultiplyAdd(lostC, high, c);
            d = Vector512.FusedMultiplyAdd(lostD, high, d);
            FourTogether.Power(ref pa, ref pb, ref pc, ref pd, Lanes512.Steps);
            FourTogether.Combine(ref a, ref b, ref c, ref d, pa, pb, pc, pd, linear, square, cubic);
            var (fa, fb, fc, fd) = (one / (one + a), one / (one + b), one / (one + c), one / (one + d));
            Lanes512.StorePairs(probabilities, new(fa), new(a * fa));
            Lanes512.StorePairs(probabilities + 32, new(fb), new(b * fb));
            Lanes512.StorePairs(probabilities + 64, new(fc), new(c * fc));
            Lanes512.StorePairs(probabilities + 96, new(fd), new(d * fd));
            scores += 2 * RowCount;
            probabilities += 2 * RowCount;
        }

        return blockCount;
    }

    [MethodImpl(Inline)]
    private static Vector512<int> Within(Vector512<float> difference, Vector512<float> limit)
        => Vector512.LessThanOrEqual(Vector512.Abs(difference), limit).AsInt32();

    [MethodImpl(Inline)]
    private static Vector512<float> Difference(float* scores, out Vector512<float> lost)
    {
        Lanes512.LoadPairs(scores, out var first, out var second);
        var difference = second - first;
        lost = PairBlock<Lanes512>.Lost(first, second, difference).Value;
        return difference.Value;
    }
}
