using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The first of the largest of one row: the maximum by lanes, then the place where it is first reached.</summary>
internal static unsafe class ArgMaxRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // A longer row is not gone through twice: each lane remembers the block that its maximum came from.
    private const int BlockLength = 256;

    /// <summary>Returns the index of the largest; the lowest among equals, 0 where all are NaN.</summary>
    [MethodImpl(Inline)]
    public static int IndexOf(float* scores, int count)
    {
        var lowest = TLanes.Create(float.NegativeInfinity);
        if (count <= TLanes.Count)
        {
            var row = TLanes.LoadPartial(scores, count, TLanes.Create(float.NaN));
            var reached = TLanes.GreaterThanOrEqual(row, TLanes.Create(TLanes.MaxAcross(TLanes.Max(row, lowest))));
            return reached == 0 ? 0 : BitOperations.TrailingZeroCount(reached);
        }

        return count < 3 * BlockLength
            ? FirstReaching(scores, 0, count, TLanes.Create(TLanes.MaxAcross(RowMaxima<TLanes>.Of(scores, count))))
            : InBlocks(scores, count);
    }

    [MethodImpl(Inline)]
    private static int InBlocks(float* scores, int count)
    {
        var best = TLanes.Create(float.NegativeInfinity);
        TLanes block = default;
        for (nint start = 0; start < count; start += BlockLength)
        {
            var maxima = RowMaxima<TLanes>.Of(scores + start, Math.Min(BlockLength, count - (int)start));
            block = TLanes.SelectGreater(maxima, best, TLanes.Create(BitConverter.Int32BitsToSingle((int)start)), block);
            best = TLanes.Max(maxima, best);
        }

        var largest = TLanes.Create(TLanes.MaxAcross(best));
        var firstBlock = int.MaxValue;
        for (var lanes = TLanes.GreaterThanOrEqual(best, largest); lanes != 0; lanes &= lanes - 1)
            firstBlock = Math.Min(firstBlock, ((int*)&block)[BitOperations.TrailingZeroCount(lanes)]);
        return FirstReaching(scores, firstBlock, count, largest);
    }

    /// <summary>The first index from <paramref name="start"/> on whose score is at least the limit, or 0.</summary>
    [MethodImpl(Inline)]
    private static int FirstReaching(float* scores, int start, int count, TLanes limit)
    {
        var i = start;
        for (; i <= count - (4 * TLanes.Count); i += 4 * TLanes.Count)
        {
            var reached = Reaching<TLanes>.OfFourVectors(scores + i, limit);
            if (reached != 0)
                return i + BitOperations.TrailingZeroCount(reached);
        }

        for (; i < count; i += TLanes.Count)
        {
            var reached = TLanes.GreaterThanOrEqual(
                TLanes.LoadPartial(scores + i, Math.Min(TLanes.Count, count - i), TLanes.Create(float.NaN)), limit);
            if (reached != 0)
                return i + BitOperations.TrailingZeroCount(reached);
        }

        return 0;
    }
}
