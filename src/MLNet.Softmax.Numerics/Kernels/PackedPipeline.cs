using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    // A shift in common may be so far from 0 that rows which it suits never need an offset.
    private const float FarthestShift = 16_384f;

    /// <summary>Takes blocks with one shift for all rows as long as it suits them, and returns the first that is not written.</summary>
    public static int WithOneShift(in PackedBatch batch, int first, int last, TEnd end)
    {
        var length = Math.Min(4 * Lanes512.Count, Lanes512.Count * batch.ClassCount);
        var guess = RowShift.For(RowSweep<Lanes512>.Maximum(batch.Scores + ((nint)first * Lanes512.Count * batch.ClassCount), length), batch.Scale);
        return guess.Offset == 0f && Math.Abs(guess.Power) <= FarthestShift ? Run<No>(batch, first, last, guess.Power, end) : first;
    }

    /// <summary>Takes all blocks, each row with the shift of its largest score; returns the first that follows.</summary>
    public static int WithShiftPerRow(in PackedBatch batch, int first, int last, TEnd end)
        => first < last ? Run<Yes>(batch, first, last, 0f, end) : first;

    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    private static int Run<TPerRow>(in PackedBatch batch, int first, int last, float power, TEnd end)
        where TPerRow : struct, IChoice
    {
        var length = Lanes512.Count * batch.ClassCount;
        var reduction = new RowReduction(batch.ClassCount, TShape.Width);
        var room = stackalloc float[(4 * length) + (5 * Lanes512.Count)];
        var entering = (float*)(((nint)room + sizeof(Lanes512) - 1) & -sizeof(Lanes512));
        var summed = entering + length;
        var leaving = summed + length;
        var nowhere = leaving + length;
        var lanes = batch.Lanes;
        var high = Lanes512.Create(batch.Scale.High);
        var low = Lanes512.Create(batch.Scale.Low);
        var floor = Lanes512.Create(TPerRow.IsYes ? batch.Scale.Lowest : batch.Scale.Floor(power));
        var powers = Lanes512.Create(power);
        var offsets = Lanes512.Create(0f);
        var rounder = Lanes512.Create(Lanes512.Rounder + power);
        var highest = Lanes512.Create(0f);
        var written = true;

        // In the first two rounds nothing leaves, in the last two nothing enters: what is computed all the same goes nowhere.
        for (var block = first; block < last + 2; block++)
        {
            var input = batch.Scores + ((nint)Math.Min(block, last - 1) * length);
            var source = batch.Scores + ((nint)Math.Max(block - 2, first) * length);
            var output = written ? nowhere : batch.Target + ((nint)(block - 2) * length);
            var (summedPowers, summedOffsets, summedHighest) = (powers, offsets, highest);
            if (TPerRow.IsYes)
                Adapt(TShape.Reduce<MaximumReduction>(reduction, input), batch.Scale, out powers, out offsets, out rounder);
            highest = Lanes512.Create(0f);
            var anyOffset = TPerRow.IsYes && Lanes512.AnyNonZero(offsets);
            for (var i = 0; i < length; i += 16)
            {
                var score = Lanes512.Load(input + i);
                Lanes512 exponential;
                if (TPerRow.IsYes)
                {
                    if (anyOffset)
                        score -= Lanes512.Permute(offsets, lanes + i);
                    var rest = Exponential<Lanes512>.Reduce(Lanes512.Max(floor, score), high, low, Lanes512.Permute(rounder, lanes + i), out var rounded);
                    exponential = Exponential<Lanes512>.Combine(Lanes512.Max(Lanes512.Create(Lanes512.Rounder + ExponentScale.PowerOfZero), rounded), rest);
                }
                else
                {
                    var rest = Exponential<Lanes512>.Reduce(Lanes512.Max(floor, score), high, low, rounder, out var rounded);
                    highest = Lanes512.Max(highest, rounded);
                    exponential = Exponential<Lanes512>.Combine(rounded, rest);
                }

                Lanes512.Store(output + i, end.Apply<TPerRow>(Lanes512.Load(leaving + i), source + i, lanes + i));
                Lanes512.Store(entering + i, exponential);
            }

            written = block == first || block > last;
            if (!written)
            {
                var sum = new Lanes512(TShape.Reduce<SumReduction>(reduction, summed));
                end.Prepare(sum, summedPowers, summedOffsets);
                if (!TPerRow.IsYes && !Fits(sum, summedHighest))
                    return block - 1;
            }

            var free = leaving;
            leaving = summed;
            summed = entering;
            entering = free;
        }

        return last;
    }

    /// <summary>The shift of each row by its largest score.</summary>
    [MethodImpl(Inline)]
    private static void Adapt(Vector512<float> maximum, in ExponentScale scale, out Lanes512 powers, out Lanes512 offsets, out Lanes512 rounder)
    {
        var (largest, zero, farthest) = (new Lanes512(maximum), Lanes512.Create(0f), Lanes512.Create(scale.FarthestUnshifted));
        offsets = Lanes512.SelectWithin(largest, farthest, zero, largest);
        var whole = Lanes512.Create(WholePowers.Rounder);
        var exponent = Lanes512.MultiplyAdd(Lanes512.SelectWithin(largest, farthest, largest, zero), Lanes512.Create(scale.High), whole) - whole;
        powers = Lanes512.Create(RowShift.Top) - exponent;
        rounder = Lanes512.Create(Lanes512.Rounder) + powers;
    }

    /// <summary>Whether nothing overflowed, and nothing that counts was raised.</summary>
    [MethodImpl(Inline)]
    private static bool Fits(Lanes512 sum, Lanes512 highest)
        => Lanes512.GreaterThanOrEqual(sum, Lanes512.Create(RowShift.SmallestSum)) == ushort.MaxValue
            && Lanes512.GreaterThan(highest, Lanes512.Create(Lanes512.Rounder + RowShift.LargestPower)) == 0;
}
