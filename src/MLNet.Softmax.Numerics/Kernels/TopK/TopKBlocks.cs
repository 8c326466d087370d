using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// A long row in blocks, of which each lane's maximum is kept, so that only the blocks that reach a bound are looked at again.
/// </summary>
internal static unsafe class TopKBlocks<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>How many blocks there are at most.</summary>
    public const int Most = 64;

    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>From so many scores on blocks are worth their trouble.</summary>
    public static int ShortestRow => 32 * TLanes.Count;

    /// <summary>How long the blocks of a row are; the last may be shorter.</summary>
    public static int LengthFor(int count)
    {
        var unit = 4 * TLanes.Count;
        return (int)(((((long)count + Most - 1) / Most) + unit - 1) / unit * unit);
    }

    /// <summary>Writes the lanes' maxima of each block, a vector each, and returns how many blocks there are.</summary>
    [MethodImpl(Inline)]
    public static int Maxima(float* scores, int count, int length, float* maxima)
    {
        var blocks = (int)(((long)count + length - 1) / length);
        for (var block = 0; block < blocks; block++)
        {
            var start = block * length;
            TLanes.Store(maxima + (block * TLanes.Count), RowMaxima<TLanes>.Of(scores + start, Math.Min(length, count - start)));
        }

        return blocks;
    }

    /// <summary>Writes which blocks have a score that reaches the bound, in ascending order, and returns how many.</summary>
    [MethodImpl(Inline)]
    public static int Reaching(float* maxima, int blocks, float bound, int* reaching)
    {
        var limit = TLanes.Create(bound);
        var found = 0;
        for (var block = 0; block < blocks; block++)
        {
            reaching[found] = block;
            found += TLanes.GreaterThanOrEqual(TLanes.Load(maxima + (block * TLanes.Count)), limit) != 0 ? 1 : 0;
        }

        return found;
    }
}
