using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Blocks of 16 rows in three stages: while one block's exponentials are computed, the sums of the block before are added up, and what
/// comes of the one before that is written. The processor does the three at once; one after the other they would wait for different parts
/// of it. Blocks of short rows rest for a round before they are summed.
/// </summary>
internal static unsafe class PackedPipeline<TEnd, TShape, TStreamed>
    where TEnd : struct, IPackedEnd
    where TShape : struct, IPackedShape
    where TStreamed : struct, IChoice
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // The processor's own prefetching loses sight of it while sums are added up.
    private const int FetchedAhead = 512, FetchedFarAhead = 4_096;

    // A shift in common, in units of ln 2, goes into the powers of 2 by sixteenths, which must stay floats; and the first block's rows may
    // be no farther apart than that its neighbours will probably do with the same.
    private const float FarthestShift = 120f, WidestSpread = 48f;

    // A row whose largest score is up to so far above its first, in units of ln 2, is shifted by its first whether that was a guess or not:
    // for rows of extreme magnitude the last bit turns on it. Sums of those it serves are at most RowShift.LargestSum.
    private const float FarthestAboveFirst = 52.5f;

    /// <summary>Takes blocks with one shift for all rows as long as it suits them, and returns the first that is not written.</summary>
    [MethodImpl(Hot.Kernel)]
    public static int WithOneShift(in PackedBatch batch, int first, int last, TEnd end)
    {
        var reduction = new RowReduction(batch.ClassCount, TShape.Width);
        var largest = TShape.Largest(reduction, batch.Scores + ((nint)first * Lanes512.Count * batch.ClassCount));
        var (lowest, highest) = (largest[0], largest[0]);
        for (var row = 1; row < Lanes512.Count; row++)
        {
            lowest = Math.Min(lowest, largest[row]);
            highest = Math.Max(highest, largest[row]);
        }

        var power = RowShift.For((lowest + highest) / 2f, batch.Scale).Power;
        return (highest - lowest) * batch.Scale.High <= WidestSpread && Math.Abs(power) <= FarthestShift
            ? Run<No, Yes>(batch, first, last, power, end)
            : first;
    }

    /// <summary>
    /// Takes blocks, each row with the shift of its first score, as long as that suits them; returns the first that is not written.
    /// </summary>
    public static int WithShiftOfFirst(in PackedBatch batch, int first, int last, TEnd end)
        => first < last ? Run<Yes, Yes>(batch, first, last, 0f, end) : first;

    /// <summary>
    /// Takes all blocks, each row with the shift of its first score, or, where
    /// that would not suit it, of its largest; returns the first that follows.
    /// </summary>
    public static int WithShiftOfLargest(in PackedBatch batch, int first, int last, TEnd end)
        => first < last ? Run<Yes, No>(batch, first, last, 0f, end) : first;

    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static int Run<TPerRow, TGuessed>(in PackedBatch batch, int first, int last, float commonPower, TEnd given)
        where TPerRow : struct, IChoice
        where TGuessed : struct, IChoice
    {
        var length = Lanes512.Count * batch.ClassCount;
        var room = stackalloc float[((TShape.Lag + 2) * length) + (6 * Lanes512.Count) + LineStaging.Room];
        var quarters = (float*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512));
        var entering = quarters + (4 * Lanes512.Count);
        var leaving = entering + length;
        var aside = leaving + length + (TStreamed.IsYes ? LineStaging.Room : 0);
        var summed = TShape.Lag == 1 ? entering : aside + length;
        var resting = TShape.Lag == 3 ? summed + length : entering;
        if (TPerRow.IsYes)
            AdaptFirst<TGuessed>(batch, first, quarters);
        var reduction = new RowReduction(batch.ClassCount, TShape.Width);
        var lanes = batch.Lanes;
        var high = Vector512.Create(batch.Scale.High);
        var low = Vector512.Create(TEnd.IsSumAtOne ? NaturalLogarithmOfTwo.High : batch.Scale.Low);
        var floor = Vector512.Create(batch.Scale.Lowest);
        var rounder = Vector512.Create(Lanes512.Rounder);
        var unit = TEnd.IsSumAtOne ? batch.Scale.High : 1f;
        var linear = Vector512.Create(batch.Scale.Linear * unit);
        var square = Vector512.Create(batch.Scale.Square * unit * unit);
        var cubic = Vector512.Create(batch.Scale.Cubic * unit * unit * unit);
        var powers = TPerRow.IsYes ? Vector512.Load(quarters) : Vector512.Create(commonPower);
        var offsets = TPerRow.IsYes ? Vector512.Load(quarters + Lanes512.Count) : Vector512<float>.Zero;
        var sixteenths = TPerRow.IsYes ? Lanes512.Sixteenths : Avx512F.Scale(Lanes512.Sixteenths, powers);
        var end = given;

        var input = batch.Scores + ((nint)first * length);
        var source = input;
        var target = batch.Target + ((nint)first * length);
        var staging = new LineStaging(aside, target);
        var isStaged = TEnd.Writes && TStreamed.IsYes && !TShape.IsSlowerThanMemory && staging.IsNeeded;

        var (nextPowers, nextOffsets) = (powers, offsets);
        var (powersBefore, offsetsBefore) = (powers, offsets);
        var (restingPowers, restingOffsets) = (powers, offsets);

        // In the first rounds nothing leaves, in the last nothing enters: what is computed all the same goes aside and no further.
        for (var block = first; block < last + TShape.Lag; block++)
        {
            var leavingBlock = block - TShape.Lag;
            var output = leavingBlock < first || isStaged ? aside : target;
            var next = block < last - 1 ? input + length : input;
            if (TPerRow.IsYes)
                Adapt<TGuessed>(batch, reduction, next, out nextPowers, out nextOffsets);
            var i = 0;
            for (; !TShape.IsLessThanAStep && i <= length - 64; i += 64)
            {
                if (TStreamed.IsYes)
                {
                    if (!TShape.IsSlowerThanMemory)
                        Prefetching.ToSecondLevel(input + i + FetchedFarAhead);
                    Prefetching.ToFirstLevel(input + i + FetchedAhead);
                }

                var lane = FourVectors.Load((float*)lanes + i);
                var score = FourVectors.Load(input + i);
                if (TPerRow.IsYes)
                    score -= FourVectors.Lookup(offsets, lane);
                score = FourVectors.Max(floor, score);
                var rounded = FourVectors.MultiplyAdd(score, high, rounder);
                var nearest = rounded - rounder;
                var rest = TEnd.IsSumAtOne
                    ? FourVectors.SubtractProduct(score, nearest, low)
                    : FourVectors.Rest(score, high, low, nearest);
                TShape.SumAlongside(reduction, summed, i, quarters);
                Finish<TPerRow>(end, leaving + i, source + i, lane.A.AsInt32(), output + i, isStaged);
                Finish<TPerRow>(end, leaving + i + 16, source + i + 16, lane.B.AsInt32(), output + i + 16, isStaged);
                Finish<TPerRow>(end, leaving + i + 32, source + i + 32, lane.C.AsInt32(), output + i + 32, isStaged);
                Finish<TPerRow>(end, leaving + i + 48, source + i + 48, lane.D.AsInt32(), output + i + 48, isStaged);
                if (TPerRow.IsYes)
                    nearest += FourVectors.Lookup(powers, lane);
                var power = FourVectors.Scale(FourVectors.Lookup(sixteenths, rounded), nearest);
                FourVectors.Combine(power, rest, linear, square, cubic).Store(entering + i);
            }

            for (; i < length; i += 16)
            {
                if (TStreamed.IsYes)
                {
                    if (!TShape.IsSlowerThanMemory)
                        Sse.Prefetch1(input + i + FetchedFarAhead);
                    Sse.Prefetch0(input + i + FetchedAhead);
                }

                var p = Vector512.Load(lanes + i);
                var score = Vector512.Load(input + i);
                if (TPerRow.IsYes)
                    score -= Avx512F.PermuteVar16x32(offsets, p);
                score = Avx512F.Max(floor, score);
                var rounded = Vector512.FusedMultiplyAdd(score, high, rounder);
                var nearest = rounded - rounder;
                var rest = TEnd.IsSumAtOne
                    ? Avx512F.FusedMultiplyAddNegated(nearest, low, score)
                    : Vector512.FusedMultiplyAdd(score, low, Avx512F.FusedMultiplySubtract(score, high, nearest));
                if (TPerRow.IsYes)
                    nearest += Avx512F.PermuteVar16x32(powers, p);
                Lanes512.Combine(Lanes512.Power(sixteenths, rounded, nearest), rest, linear, square, cubic).Store(entering + i);
                Finish<TPerRow>(end, leaving + i, source + i, p, output + i, isStaged);
            }

            if (isStaged && leavingBlock >= first)
                staging.Send(target, length, leavingBlock == first);
            if (TShape.Lag == 1)
                summed = entering;
            var summedPowers = TShape.Lag == 1 ? powers : TShape.Lag == 2 ? powersBefore : restingPowers;
            var summedOffsets = TShape.Lag == 1 ? offsets : TShape.Lag == 2 ? offsetsBefore : restingOffsets;
            var summedBlock = leavingBlock + 1;
            if (summedBlock >= first && summedBlock < last)
            {
                var sum = TShape.Sums(reduction, summed, quarters);
                end.Prepare(summedBlock, summed, sum, summedPowers, summedOffsets);
                if (TGuessed.IsYes && !Fits(sum))
                {
                    if (isStaged && summedBlock > first)
                        staging.SendRest(target + length);
                    return summedBlock;
                }
            }

            if (TPerRow.IsYes)
            {
                (restingPowers, restingOffsets) = (powersBefore, offsetsBefore);
                (powersBefore, offsetsBefore) = (powers, offsets);
                (powers, offsets) = (nextPowers, nextOffsets);
            }

            input = next;
            source += leavingBlock >= first ? length : 0;
            target += leavingBlock >= first ? length : 0;
            var free = leaving;
            leaving = summed;
            summed = TShape.Lag == 3 ? resting : entering;
            resting = entering;
            entering = free;
        }

        if (isStaged)
            staging.SendRest(target);
        return last;
    }

    [MethodImpl(Inline)]
    private static void Finish<TPerRow>(in TEnd end, float* exponentials, float* scores, Vector512<int> lanes, float* target, bool isStaged)
        where TPerRow : struct, IChoice
    {
        if (!TEnd.Writes)
            return;
        var value = end.Apply<TPerRow>(exponentials, scores, lanes);
        if (TStreamed.IsYes && !isStaged)
            value.StoreAlignedNonTemporal(target);
        else
            value.Store(target);
    }

    /// <summary>The shift of each row by its first score, which is a guess, or else by one that suits the row.</summary>
    [MethodImpl(Inline)]
    private static void Adapt<TGuessed>(
        in PackedBatch batch, in RowReduction reduction, float* rows, out Vector512<float> powers, out Vector512<float> offsets)
        where TGuessed : struct, IChoice
    {
        var high = Vector512.Create(batch.Scale.High);
        var score = TShape.Firsts(rows, batch.ClassCount);
        if (!TGuessed.IsYes)
        {
            var largest = TShape.Largest(reduction, rows);
            score = Vector512.ConditionalSelect(
                Vector512.LessThanOrEqual((largest - score) * high, Vector512.Create(FarthestAboveFirst)), score, largest);
        }

        var isUnshifted = Vector512.LessThanOrEqual(Vector512.Abs(score), Vector512.Create(batch.Scale.FarthestUnshifted));
        offsets = Vector512.ConditionalSelect(isUnshifted, Vector512<float>.Zero, score);
        powers = Vector512.Create(RowShift.Top + WholePowers.Rounder)
            - Vector512.FusedMultiplyAdd(score - offsets, high, Vector512.Create(WholePowers.Rounder));
    }

    /// <summary>The same for a run's first block, apart from it: the compiler inlines only so much into one method.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AdaptFirst<TGuessed>(in PackedBatch batch, int block, float* powersAndOffsets)
        where TGuessed : struct, IChoice
    {
        var rows = batch.Scores + ((nint)block * Lanes512.Count * batch.ClassCount);
        Adapt<TGuessed>(batch, new RowReduction(batch.ClassCount, TShape.Width), rows, out var powers, out var offsets);
        powers.Store(powersAndOffsets);
        offsets.Store(powersAndOffsets + Lanes512.Count);
    }

    /// <summary>Whether nothing overflowed, and nothing that counts was lost; false for NaN.</summary>
    [MethodImpl(Inline)]
    private static bool Fits(Vector512<float> sum)
    {
        // The bits of positive floats are in the same order as they are; those of others come later.
        var smallest = BitConverter.SingleToUInt32Bits(RowShift.SmallestSum);
        var above = sum.AsUInt32() - Vector512.Create(smallest);
        return Vector512.LessThanOrEqualAll(above, Vector512.Create(BitConverter.SingleToUInt32Bits(RowShift.LargestSum) - smallest));
    }
}
