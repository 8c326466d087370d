namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Processes blocks of 16 rows in three stages: computes one block's exponentials while it adds up the sums of the block before and writes
/// the results of the one before that. The processor overlaps the three stages; one after the other, each would wait for a different part
/// of it.
/// </summary>
/// <remarks>
/// <code>
/// round                          1            2            3            4
/// rows of 2 to 8     block 1     exponentials rests        sums         results
///  (lag 3)           block 2                  exponentials rests        sums ...
/// rows of 9 to 64    block 1     exponentials sums         results
///  (lag 2)           block 2                  exponentials sums         results
/// rows of 65 and up  block 1     exp., sums   results
///  (lag 1)           block 2                  exp., sums   results
/// </code>
/// Each block stays in its buffer (<see cref="PackedStages"/>) until its results are written. In the first rounds no block leaves and in
/// the last none enters; what is computed for missing blocks is discarded.
/// </remarks>
internal static unsafe class PackedPipeline<TEnd, TShape, TStreamed>
    where TEnd : struct, IPackedEnd
    where TShape : struct, IPackedShape
    where TStreamed : struct, IChoice
{
    // The hardware prefetcher stops tracking the input while the sums are computed, so prefetch explicitly.
    private const int FetchedAhead = 512, FetchedFarAhead = 4_096;
    // Time with these (Zen 5), 3 to 256 classes: .55 to .85 of softmax and log-softmax, .7 to .9 of cross-entropy with gradient.
    private const int PagesAhead = 2 * Prefetching.PageLength, PagesOfScoresAhead = 8 * Prefetching.PageLength;

    // The limits of a common shift, in units of ln 2. It is added to the powers of 2 in sixteenths, which must stay floats. The first
    // block's rows must be so close to each other that the same shift probably suits the following blocks.
    private const float FarthestShift = 120f, WidestSpread = 48f;

    // A row whose largest score is at most this far above its first, in units of ln 2, is shifted by its first, guessed or not: for rows of
    // extreme magnitude, the shift decides the last bit. The sums of these rows are at most RowShift.LargestSum.
    private const float FarthestAboveFirst = 52.5f;

    /// <summary>Processes blocks that can share one shift. Returns the index of the first block it did not process.</summary>
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
            ? Run<OneShift, GuessedShift>(batch, first, last, power, end)
            : first;
    }

    /// <summary>
    /// Processes blocks with the first score of each row as its shift: if that is a guess, as long as it suits them, otherwise with the
    /// row's largest score where it does not. Returns the index of the first block it did not process.
    /// </summary>
    public static int WithShiftPerRow<TGuessed>(in PackedBatch batch, int first, int last, TEnd end)
        where TGuessed : struct, IChoice
        => first < last ? Run<ShiftPerRow, TGuessed>(batch, first, last, 0f, end) : first;

    // One long method on purpose. With the last rounds in a separate method, the compiler keeps the end's vectors in memory, and softmax
    // takes 1.09 (64 classes) to 1.5 times (10 classes) as long; inlined twice, they leave calls in log-softmax of 32 classes, which then
    // takes 1.35 times as long.
    [SkipLocalsInit]
    [MethodImpl(Hot.Kernel)]
    private static int Run<TPerRow, TGuessed>(in PackedBatch batch, int first, int last, float commonPower, TEnd given)
        where TPerRow : struct, IChoice
        where TGuessed : struct, IChoice
    {
        var length = Lanes512.Count * batch.ClassCount;
        var room = stackalloc float[((TShape.Lag + 2) * length) + (21 * Lanes512.Count) + LineStaging.Room];
        var quarters = (float*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512)) + (2 * Lanes512.Count);
        var entering = quarters + (17 * Lanes512.Count);
        var aside = entering + (2 * length) + (TStreamed.IsYes ? LineStaging.Room : 0);
        var stages = new PackedStages(entering, aside + length, length, TShape.Lag);
        var shifts = quarters - (2 * Lanes512.Count);
        if (TPerRow.IsYes)
            AdaptApart<TGuessed>(batch, batch.Scores + ((nint)first * length), shifts);
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
        var powers = TPerRow.IsYes ? Vector512.Load(shifts) : Vector512.Create(commonPower);
        var offsets = TPerRow.IsYes ? Vector512.Load(shifts + Lanes512.Count) : Vector512<float>.Zero;
        var sixteenths = TPerRow.IsYes ? Lanes512.Sixteenths : Avx512F.Scale(Lanes512.Sixteenths, powers);
        var hasRoomForShifts = TEnd.LeavesRoom || TShape.IsLessThanAStep || (TEnd.IsSumAtOne && TShape.IsSlowerThanMemory);
        var end = given;

        var input = batch.Scores + ((nint)first * length);
        var source = input;
        var target = batch.Target + ((nint)first * length);
        var staging = new LineStaging(aside, target);
        var isStaged = TEnd.Writes && TStreamed.IsYes && !TShape.IsSlowerThanMemory && staging.IsNeeded;

        var (nextPowers, nextOffsets) = (powers, offsets);
        var (powersBefore, offsetsBefore) = (powers, offsets);
        var (restingPowers, restingOffsets) = (powers, offsets);

        for (var block = first; block < last + TShape.Lag; block++)
        {
            var leavingBlock = block - TShape.Lag;
            var output = leavingBlock < first || isStaged ? aside : target;
            var next = block < last - 1 ? input + length : input;
            if (TStreamed.IsYes)
            {
                Prefetching.Pages(input + PagesOfScoresAhead, length);
                if (TEnd.Writes)
                    Prefetching.Pages(target + PagesAhead, length);
            }

            if (TPerRow.IsYes && hasRoomForShifts)
            {
                Adapt<TGuessed>(batch, reduction, next, out nextPowers, out nextOffsets);
            }
            else if (TPerRow.IsYes)
            {
                AdaptApart<TGuessed>(batch, next, shifts);
                (nextPowers, nextOffsets) = (Vector512.Load(shifts), Vector512.Load(shifts + Lanes512.Count));
            }

            var i = 0;
            var sums = TShape.SumsInPassing ? new PassingSums(quarters, batch.ClassCount) : default;
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
                TShape.SumAlongside(reduction, stages.Summed, i, quarters);
                Finish<TPerRow>(end, stages.Leaving + i, source + i, lane.A.AsInt32(), output + i, isStaged);
                Finish<TPerRow>(end, stages.Leaving + i + 16, source + i + 16, lane.B.AsInt32(), output + i + 16, isStaged);
                Finish<TPerRow>(end, stages.Leaving + i + 32, source + i + 32, lane.C.AsInt32(), output + i + 32, isStaged);
                Finish<TPerRow>(end, stages.Leaving + i + 48, source + i + 48, lane.D.AsInt32(), output + i + 48, isStaged);
                if (TPerRow.IsYes)
                    nearest += FourVectors.Lookup(powers, lane);
                var power = FourVectors.Scale(FourVectors.Lookup(sixteenths, rounded), nearest);
                var exponentials = FourVectors.Combine(power, rest, linear, square, cubic);
                exponentials.Store(stages.Entering + i);
                if (TShape.SumsInPassing)
                    sums.Add(exponentials, i);
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
                var exponentials = Lanes512.Combine(Lanes512.Power(sixteenths, rounded, nearest), rest, linear, square, cubic);
                exponentials.Store(stages.Entering + i);
                if (TShape.SumsInPassing)
                    sums.AddToLast(exponentials);
                Finish<TPerRow>(end, stages.Leaving + i, source + i, p, output + i, isStaged);
            }

            if (TShape.SumsInPassing)
                sums.EndLast();
            if (isStaged && leavingBlock >= first)
                staging.Send(target, length, leavingBlock == first);
            var summedPowers = TShape.Lag == 1 ? powers : TShape.Lag == 2 ? powersBefore : restingPowers;
            var summedOffsets = TShape.Lag == 1 ? offsets : TShape.Lag == 2 ? offsetsBefore : restingOffsets;
            var summedBlock = leavingBlock + 1;
            if (summedBlock >= first && summedBlock < last)
            {
                var sum = TShape.Sums(reduction, stages.Summed, quarters);
                end.Prepare(summedBlock, stages.Summed, sum, summedPowers, summedOffsets);
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
            stages.MoveOn(TShape.Lag);
        }

        if (isStaged)
            staging.SendRest(target);
        return last;
    }

    [MethodImpl(Hot.Inline)]
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

    /// <summary>
    /// The shift of each row: its first score, as a guess or, if not guessing, replaced by the largest if it does not suit.
    /// </summary>
    [MethodImpl(Hot.Inline)]
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

    /// <summary>
    /// The same outside the loop: together they have more variables than the compiler keeps in registers, and log-softmax takes 2.3 (10
    /// classes) to 5 times (256) as long. Softmax has few enough variables, and a call would cost it 6 to 19 %.
    /// </summary>
    [MethodImpl(Hot.Kernel)]
    private static void AdaptApart<TGuessed>(in PackedBatch batch, float* rows, float* powersAndOffsets)
        where TGuessed : struct, IChoice
    {
        Adapt<TGuessed>(batch, new RowReduction(batch.ClassCount, TShape.Width), rows, out var powers, out var offsets);
        powers.Store(powersAndOffsets);
        offsets.Store(powersAndOffsets + Lanes512.Count);
    }

    /// <summary>Whether nothing overflowed and nothing significant was lost; false for NaN.</summary>
    [MethodImpl(Hot.Inline)]
    private static bool Fits(Vector512<float> sum)
    {
        // The bits of positive floats have the same order as their values; all other bits are larger.
        var smallest = BitConverter.SingleToUInt32Bits(RowShift.SmallestSum);
        var above = sum.AsUInt32() - Vector512.Create(smallest);
        return Vector512.LessThanOrEqualAll(above, Vector512.Create(BitConverter.SingleToUInt32Bits(RowShift.LargestSum) - smallest));
    }
}
