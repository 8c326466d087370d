using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// The exponentials of a row whose scores lie near each other, as those of most rows do: at most some 55
/// nats below the largest of the first 64, and 33 above. What other rows need, a floor for the lowest scores
/// and a watch on the highest, is here one operation, which tells afterwards whether the row was such a one;
/// one that is not, but looks it by its first and last 64 scores, costs two sweeps. Needs AVX-512.
/// </summary>
internal static unsafe class NearSweep
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>How many scores go together.</summary>
    public const int Step = 4 * 16;

    // Sums of floats lose digits with their length: after 16 steps, where all these bits are set, they go to doubles.
    private const int Block = 15 * Step;

    // The longer a row, the farther apart scores can be of which many together still count, and the more one float for ln 2 is off. A sum
    // alone is hardly made of scores far away.
    private const int LongestAtOne = 2_048;

    /// <summary>The exponent that the largest of the first scores gets.</summary>
    private const int Top = 80;

    // Work done alongside comes so much later: it needs the sum of the row before, and that takes a while to add up.
    private const int Delay = 2 * Step;

    /// <summary>
    /// Finds the exponent of the largest of the first scores; false where these are too far apart already, too far from 0, or not finite,
    /// or where the last ones, unless they are trusted, are too low: it is there that classes which do not count are masked, most of all.
    /// </summary>
    [MethodImpl(Inline)]
    public static bool TryGuess(float* scores, int count, in ExponentScale scale, out float exponent, bool trusting = false)
    {
        exponent = 0f;
        if (count < Step)
            return false;
        var largest = Lanes512.MaxAcross(new(Highest(scores)));
        exponent = MathF.Round(largest * scale.High);
        var lowest = Lowest(scores);
        if (!trusting)
            lowest = Avx512F.Min(lowest, Lowest(scores + count - Step));
        return MathF.Abs(largest) <= scale.FarthestUnshifted
            && Vector512.GreaterThanOrEqualAll(lowest, Vector512.Create((exponent - Top) / scale.High))
            && !NearTerms.HasBlindSpot(scale, Top - exponent);
    }

    /// <summary>Whether a row, of which some are guessed to be near, is; with a NaN, perhaps.</summary>
    [MethodImpl(Hot.Kernel)]
    public static bool Suits(float* scores, int count, in ExponentScale scale, float exponent)
    {
        var some = Vector512.Create(*scores);
        var (lowest, highest) = (some, some);
        var i = 0;
        for (; i <= count - 16; i += 16)
        {
            var values = Vector512.Load(scores + i);
            (lowest, highest) = (Avx512F.Min(lowest, values), Avx512F.Max(highest, values));
        }

        var rest = Avx512F.MaskLoad(scores + i, Lanes512.FirstLanes(count - i), some);
        (lowest, highest) = (Avx512F.Min(lowest, rest), Avx512F.Max(highest, rest));
        var bits = Vector512<int>.Zero;
        _ = NearTerms.Create(scale, Top - exponent).Apply(new FourVectors(lowest, highest, rest, some), ref bits);
        return NearTerms.Fits(bits);
    }

    /// <summary>
    /// Sums the exponentials, and writes them if <typeparamref name="TWrite"/> says so, shifted by the guess; false, and all meaningless,
    /// where the row is not such a one.
    /// </summary>
    /// <param name="scores">The row.</param>
    /// <param name="last">Its last <see cref="Step"/> scores: a copy, if what is written goes over them.</param>
    /// <param name="target">Where to write.</param>
    /// <param name="count">How many scores there are, at least <see cref="Step"/>.</param>
    /// <param name="scale">The temperature.</param>
    /// <param name="exponent">The guess.</param>
    /// <param name="alongside">What to do meanwhile.</param>
    /// <param name="result">The sum.</param>
    [MethodImpl(Inline)]
    public static bool TryExponentials<TWrite, TAlongside>(
        float* scores, float* last, float* target, int count, in ExponentScale scale,
        float exponent, in TAlongside alongside, out RowSum result)
        where TWrite : struct, IChoice
        where TAlongside : struct, IAlongside
    {
        var power = Top - exponent;
        var isAtOne = scale.IsOne && (!TWrite.IsYes || count <= LongestAtOne);
        var sum = isAtOne
            ? Exponentials<TWrite, NearTermsAtOne, TAlongside>(scores, last, target, count, scale, power, alongside)
            : Exponentials<TWrite, NearTerms, TAlongside>(scores, last, target, count, scale, power, alongside);
        result.Value = sum;
        result.Excess = LogNormalizer.Excess(power - NearTerms.Lowered) + (isAtOne ? NearTermsAtOne.Excess(exponent) : Lanes512.Excess);
        result.Offset = 0f;
        return !double.IsNaN(sum);
    }

    /// <summary>The sum; NaN where an exponent did not fit.</summary>
    [MethodImpl(Hot.Kernel)]
    private static double Exponentials<TWrite, TTerms, TAlongside>(
        float* scores, float* last, float* target, int count, in ExponentScale scale, float power, TAlongside alongside)
        where TWrite : struct, IChoice
        where TTerms : struct, INearTerms<TTerms>
        where TAlongside : struct, IAlongside
    {
        var terms = TTerms.Create(scale, power);
        var total = Vector512<double>.Zero;
        var bits = Vector512<int>.Zero;
        var (sa, sb, sc, sd) = (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
        var i = 0;
        for (; i <= count - Step; i += Step)
        {
            var values = FourVectors.Load(scores + i);
            if (i >= Delay)
                alongside.Step(i - Delay);
            values = terms.Apply(values, ref bits);
            if (TWrite.IsYes)
                values.Store(target + i);

            // In turn, so that none is added to often: rounding that goes the same way each time would add up.
            (sa, sb, sc, sd) = (sb, sc, sd, sa + values.Sum);
            if ((i & Block) == Block)
            {
                total += (Lanes512.ToDouble(sa) + Lanes512.ToDouble(sb)) + (Lanes512.ToDouble(sc) + Lanes512.ToDouble(sd));
                sa = sb = sc = sd = Vector512<float>.Zero;
            }
        }

        if (i < count)
        {
            // The last scores once more as a whole, of which only those count that
            // did not yet: faster than with masks for what is loaded and stored.
            var start = count - Step;
            var values = terms.Apply(FourVectors.Load(last), ref bits);
            if (TWrite.IsYes)
                values.Store(target + start);
            var (keptA, keptB) = (From(i - start), From(i - start - 16));
            var (keptC, keptD) = (From(i - start - 32), From(i - start - 48));
            (sa, sb) = (sa + (values.A & keptA), sb + (values.B & keptB));
            (sc, sd) = (sc + (values.C & keptC), sd + (values.D & keptD));
        }

        total += (Lanes512.ToDouble(sa) + Lanes512.ToDouble(sb)) + (Lanes512.ToDouble(sc) + Lanes512.ToDouble(sd));

        // Nothing waits for this.
        alongside.Rest(Math.Max(0, (count & -Step) - Delay));
        return NearTerms.Fits(bits) ? Lanes512.Sum(total) : double.NaN;
    }

    /// <summary>All bits set in the lanes from one on; in all lanes from one below the first.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> From(int lane) =>
        Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(lane)).AsSingle();

    [MethodImpl(Inline)]
    private static Vector512<float> Highest(float* scores)
        => Avx512F.Max(
            Avx512F.Max(Vector512.Load(scores), Vector512.Load(scores + 16)),
            Avx512F.Max(Vector512.Load(scores + 32), Vector512.Load(scores + 48)));

    [MethodImpl(Inline)]
    private static Vector512<float> Lowest(float* scores)
        => Avx512F.Min(
            Avx512F.Min(Vector512.Load(scores), Vector512.Load(scores + 16)),
            Avx512F.Min(Vector512.Load(scores + 32), Vector512.Load(scores + 48)));
}
