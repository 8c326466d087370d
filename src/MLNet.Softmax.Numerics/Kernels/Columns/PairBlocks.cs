using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>What <see cref="PairBlock{TLanes}"/> does for 16 rows, for 64, four vectors a step (see <see cref="FourTogether"/>), with the same result to the bit. Needs AVX-512.</summary>
internal static unsafe class PairBlocks
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>How many rows go together.</summary>
    public const int RowCount = 64;

    /// <summary>Writes the softmax of so many rows at a time, up to where a probability is no normal number, and returns how many times.</summary>
    [MethodImpl(Hot.Kernel)]
    public static int Softmax(float* scores, float* probabilities, int blockCount, in ExponentScale scale)
    {
        var (high, low) = (Vector512.Create(scale.High), Vector512.Create(scale.Low));
        var limit = Vector512.Create(scale.FarthestNormal);
        var rounder = Vector512.Create(Lanes512.Rounder);
        var one = Vector512<float>.One;
        for (var block = 0; block < blockCount; block++)
        {
            var a = Difference(scores, out var lostA);
            var b = Difference(scores + 32, out var lostB);
            var c = Difference(scores + 64, out var lostC);
            var d = Difference(scores + 96, out var lostD);
            if (!Vector512.EqualsAll(Within(a, limit) & Within(b, limit) & Within(c, limit) & Within(d, limit), Vector512<int>.AllBitsSet))
                return block;
            FourTogether.Reduce(ref a, ref b, ref c, ref d, high, low, rounder, rounder, rounder, rounder, out var na, out var nb, out var nc, out var nd);
            a = Vector512.FusedMultiplyAdd(lostA, high, a);
            b = Vector512.FusedMultiplyAdd(lostB, high, b);
            c = Vector512.FusedMultiplyAdd(lostC, high, c);
            d = Vector512.FusedMultiplyAdd(lostD, high, d);
            FourTogether.Combine(ref a, ref b, ref c, ref d, na, nb, nc, nd, Lanes512.Steps, Lanes512.Linear, Lanes512.Square, Lanes512.Cubic);
            var (fa, fb, fc, fd) = (one / (one + a), one / (one + b), one / (one + c), one / (one + d));
            Store(probabilities, fa, a * fa);
            Store(probabilities + 32, fb, b * fb);
            Store(probabilities + 64, fc, c * fc);
            Store(probabilities + 96, fd, d * fd);
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
        Transposition.Unzip(Vector512.Load(scores), Vector512.Load(scores + 16), out var first, out var second);
        var difference = second - first;
        var shadow = difference + first;
        lost = (second - shadow) - (first - (shadow - difference));
        return difference;
    }

    [MethodImpl(Inline)]
    private static void Store(float* target, Vector512<float> first, Vector512<float> second)
    {
        Transposition.Zip(first, second, out var a, out var b);
        a.Store(target);
        b.Store(target + 16);
    }
}
