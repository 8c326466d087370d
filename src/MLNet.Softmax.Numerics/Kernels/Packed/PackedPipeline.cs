using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Blocks of 16 rows in three stages: while one block's exponentials are computed, the sums of the block before are added up, and what comes of
/// the one before that is written. The processor does the three at once; one after the other they would wait for different parts of it.
/// </summary>
internal static unsafe class PackedPipeline<TEnd, TShape>
    where TEnd : struct, IPackedEnd
    where TShape : struct, IPackedShape
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // What the processor's own prefetching loses sight of while sums are added up.
    private const int PrefetchedAhead = 1_024;

    // A shift in common may be so far from 0 that rows which it suits never need an offset, and the first block's rows so far apart, in units of
    // ln 2, that its neighbours' will not be much farther.
    private const float FarthestShift = 16_384f, WidestSpread = 48f;

    /// <summary>Takes blocks with one shift for all rows as long as it suits them, and returns the first that is not written.</summary>
    public static int WithOneShift(in PackedBatch batch, int first, int last, TEnd end)
    {
        var reduction = new RowReduction(batch.ClassCount, TShape.Width);
        var largest = TShape.Reduce<MaximumReduction>(reduction, batch.Scores + ((nint)first * Lanes512.Count * batch.ClassCount));
        var (lowest, highest) = (largest[0], largest[0]);
        for (var row = 1; row < Lanes512.Count; row++)
        {
            lowest = Math.Min(lowest, largest[row]);
            highest = Math.Max(highest, largest[row]);
        }

        var middle = RowShift.For((lowest + highest) / 2f, batch.Scale).Power;
        return (highest - lowest) * batch.Scale.High <= WidestSpread && Math.Abs(middle) <= FarthestShift
            ? Run<No>(batch, first, last, middle, end)
            : first;
    }

    /// <summary>Takes all blocks, each row with the shift of its largest score; returns the first that follows.</summary>
    public static int WithShiftPerRow(in PackedBatch batch, int first, int last, TEnd end)
        => first < last ? Run<Yes>(batch, first, last, 0f, end) : first;

    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static int Run<TPerRow>(in PackedBatch batch, int first, int last, float power, TEnd given)
        where TPerRow : struct, IChoice
    {
        var length = Lanes512.Count * batch.ClassCount;
        var reduction = new RowReduction(batch.ClassCount, TShape.Width);
        var room = stackalloc float[((TShape.Lag + 2) * length) + (2 * Lanes512.Count)];
        var entering = (float*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512));
        var leaving = entering + length;
        var nowhere = leaving + length;
        var summed = TShape.Lag == 1 ? entering : nowhere + length;
        var lanes = batch.Lanes;
        var high = Vector512.Create(batch.Scale.High);
        var low = Vector512.Create(batch.Scale.Low);
        var floor = Vector512.Create(TPerRow.IsYes ? batch.Scale.Lowest : batch.Scale.Floor(power));
        var powers = Vector512.Create(power);
        var offsets = Vector512<float>.Zero;
        var rounder = Vector512.Create(Lanes512.Rounder + power);
        var highest = Vector512<int>.Zero;
        var end = given;

        var (nextPowers, nextOffsets, nextRounder) = (powers, offsets, rounder);
        if (TPerRow.IsYes)
            Adapt(TShape.Reduce<MaximumReduction>(reduction, batch.Scores + ((nint)first * length)), batch.Scale, out nextPowers, out nextOffsets, out nextRounder);

        var input = batch.Scores + ((nint)first * length);
        var source = input;
        var target = batch.Target + ((nint)first * length);

        // In the first rounds nothing leaves, in the last nothing enters: what is computed all the same goes nowhere.
        for (var block = first; block < last + TShape.Lag; block++)
        {
            var leavingBlock = block - TShape.Lag;
            var output = leavingBlock < first ? nowhere : target;
            var (summedPowers, summedOffsets, summedHighest) = (powers, offsets, highest);
            if (TPerRow.IsYes)
            {
                // What the next block needs, long before it is needed.
                (powers, offsets, rounder) = (nextPowers, nextOffsets, nextRounder);
                var next = block < last - 1 ? input + length : input;
                Adapt(TShape.Reduce<MaximumReduction>(reduction, next), batch.Scale, out nextPowers, out nextOffsets, out nextRounder);
            }

            highest = Vector512<int>.Zero;
            var terms = new Terms<TPerRow>(floor, rounder, offsets);
            var i = 0;
            for (; i <= length - 64; i += 64)
            {
                if (TShape.IsStreamed)
                    Prefetch(input + i + PrefetchedAhead);
                var (p, q) = (Vector512.Load(lanes + i), Vector512.Load(lanes + i + 16));
                var (r, s) = (Vector512.Load(lanes + i + 32), Vector512.Load(lanes + i + 48));
                var (a, b) = (terms.Load(input + i, p), terms.Load(input + i + 16, q));
                var (c, d) = (terms.Load(input + i + 32, r), terms.Load(input + i + 48, s));
                FourTogether.Reduce(
                    ref a, ref b, ref c, ref d, high, low, terms.Rounder(p), terms.Rounder(q), terms.Rounder(r), terms.Rounder(s), out var na, out var nb, out var nc, out var nd);
                Watch<TPerRow>(ref na, ref nb, ref highest);
                Watch<TPerRow>(ref nc, ref nd, ref highest);
                Finish<TPerRow>(end, leaving + i, source + i, p, output + i);
                Finish<TPerRow>(end, leaving + i + 16, source + i + 16, q, output + i + 16);
                Finish<TPerRow>(end, leaving + i + 32, source + i + 32, r, output + i + 32);
                Finish<TPerRow>(end, leaving + i + 48, source + i + 48, s, output + i + 48);
                FourTogether.Combine(ref a, ref b, ref c, ref d, na, nb, nc, nd, Lanes512.Steps, Lanes512.Linear, Lanes512.Square, Lanes512.Cubic);
                a.Store(entering + i);
                b.Store(entering + i + 16);
                c.Store(entering + i + 32);
                d.Store(entering + i + 48);
            }

            for (; i < length; i += 16)
            {
                var p = Vector512.Load(lanes + i);
                var rest = Lanes512.Reduce(terms.Load(input + i, p), high, low, terms.Rounder(p), out var rounded);
                Watch<TPerRow>(ref rounded, ref rounded, ref highest);
                Lanes512.Combine(rounded, rest).Store(entering + i);
                Finish<TPerRow>(end, leaving + i, source + i, p, output + i);
            }

            if (TShape.Lag == 1)
            {
                summed = entering;
                (summedPowers, summedOffsets, summedHighest) = (powers, offsets, highest);
            }

            var summedBlock = leavingBlock + 1;
            if (summedBlock >= first && summedBlock < last)
            {
                var sum = TShape.Reduce<SumReduction>(reduction, summed);
                end.Prepare(summedBlock, sum, summedPowers, summedOffsets);
                if (!TPerRow.IsYes && !Fits(sum, summedHighest))
                    return summedBlock;
            }

            input += block < last - 1 ? length : 0;
            source += leavingBlock >= first ? length : 0;
            target += leavingBlock >= first ? length : 0;
            var free = leaving;
            leaving = summed;
            summed = entering;
            entering = free;
        }

        return last;
    }

    [MethodImpl(Inline)]
    private static void Finish<TPerRow>(in TEnd end, float* exponentials, float* scores, Vector512<int> lanes, float* target)
        where TPerRow : struct, IChoice
    {
        if (!TEnd.Writes)
            return;
        var value = end.Apply<TPerRow>(exponentials, scores, lanes);
        if (TShape.IsStreamed)
            value.StoreAlignedNonTemporal(target);
        else
            value.Store(target);
    }

    [MethodImpl(Inline)]
    private static void Prefetch(float* scores)
    {
        Sse.Prefetch0(scores);
        Sse.Prefetch0(scores + 16);
        Sse.Prefetch0(scores + 32);
        Sse.Prefetch0(scores + 48);
    }

    /// <summary>The shift of each row by its largest score.</summary>
    [MethodImpl(Inline)]
    private static void Adapt(Vector512<float> largest, in ExponentScale scale, out Vector512<float> powers, out Vector512<float> offsets, out Vector512<float> rounder)
    {
        var unshifted = Vector512.LessThanOrEqual(Vector512.Abs(largest), Vector512.Create(scale.FarthestUnshifted));
        offsets = Vector512.AndNot(largest, unshifted);
        var whole = Vector512.Create(WholePowers.Rounder);
        var exponent = Vector512.FusedMultiplyAdd(largest & unshifted, Vector512.Create(scale.High), whole) - whole;
        powers = Vector512.Create((float)RowShift.Top) - exponent;
        rounder = Vector512.Create(Lanes512.Rounder) + powers;
    }

    /// <summary>Whether nothing overflowed, and nothing that counts was lost.</summary>
    [MethodImpl(Inline)]
    private static bool Fits(Vector512<float> sum, Vector512<int> highest)
        => Vector512.GreaterThanOrEqualAll(sum, Vector512.Create(RowShift.SmallestSum))
            && Vector512.LessThanOrEqualAll(highest, Vector512.Create(Lanes512.Rounder + RowShift.LargestPower).AsInt32());

    /// <summary>Raises exponents to where powers are 0, or, where all rows have the floor for that, looks for the highest.</summary>
    [MethodImpl(Inline)]
    private static void Watch<TPerRow>(ref Vector512<float> a, ref Vector512<float> b, ref Vector512<int> highest)
        where TPerRow : struct, IChoice
    {
        if (TPerRow.IsYes)
        {
            var lowest = Vector512.Create(Lanes512.Rounder + ExponentScale.PowerOfZero).AsInt32();
            a = Vector512.Max(lowest, a.AsInt32()).AsSingle();
            b = Vector512.Max(lowest, b.AsInt32()).AsSingle();
        }
        else
        {
            highest = Vector512.Max(highest, Vector512.Max(a.AsInt32(), b.AsInt32()));
        }
    }

    private readonly struct Terms<TPerRow>(Vector512<float> floor, Vector512<float> rounder, Vector512<float> offsets)
        where TPerRow : struct, IChoice
    {
        [MethodImpl(Inline)]
        public Vector512<float> Load(float* source, Vector512<int> lanes)
        {
            var score = Vector512.Load(source);
            return Avx512F.Max(floor, TPerRow.IsYes ? score - Avx512F.PermuteVar16x32(offsets, lanes) : score);
        }

        [MethodImpl(Inline)]
        public Vector512<float> Rounder(Vector512<int> lanes) => TPerRow.IsYes ? Avx512F.PermuteVar16x32(rounder, lanes) : rounder;
    }
}
