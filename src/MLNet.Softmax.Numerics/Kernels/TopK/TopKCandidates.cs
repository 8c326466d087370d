using System.Runtime.CompilerServices;

namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Scores that may be among the k largest, in the order of their indices. When they become too many, the k largest alone are kept.
/// </summary>
/// <param name="k">How many are looked for: so many that <see cref="Most"/> hold them and four vectors more, or all of the row.</param>
/// <param name="bound">What a score has to reach.</param>
/// <param name="values">Room for <see cref="Room"/> values.</param>
/// <param name="indices">Room for as many indices.</param>
/// <param name="order">Room for as many numbers.</param>
internal unsafe ref struct TopKCandidates<TLanes>(int k, float bound, float* values, int* indices, int* order)
    where TLanes : unmanaged, ILanes<TLanes>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private TLanes limit = TLanes.Create(bound);
    private int kept;

    // Sorting out takes time by the square of their number: with many equals it is better done early.
    private readonly int mostBeforeAdding = Math.Min(Most - TLanes.Count, (2 * k) + (3 * TLanes.Count));

    /// <summary>How many there are at most before the k largest are sorted out.</summary>
    public static int Most => 8 * TLanes.Count;

    /// <summary>The most, and what is written behind them.</summary>
    public static int Room => Most + TLanes.Count;

    /// <summary>Adds those from a row's indices from start to end that reach the limit.</summary>
    [MethodImpl(Inline)]
    public void Add(float* scores, int start, int end)
    {
        // In registers: the fields are in memory.
        var (count, reach) = (kept, limit);
        for (var i = start; i < end; i += TLanes.Count)
        {
            if (count > mostBeforeAdding)
            {
                kept = count;
                KeepLargest();
                (count, reach) = (kept, limit);
            }

            var next = i <= end - TLanes.Count ? TLanes.Load(scores + i)
                : TLanes.LoadPartial(scores + i, end - i, TLanes.Create(float.NaN));
            count += TLanes.PackReaching(next, reach, i, values + count, indices + count);
        }

        kept = count;
    }

    /// <summary>Writes the k largest in descending order, or all where there are fewer, and returns how many.</summary>
    [MethodImpl(Inline)]
    public readonly int Write(int* targetIndices, float* targetValues)
    {
        TLanes.Store(values + kept, TLanes.Create(float.NegativeInfinity));
        var written = Math.Min(k, kept);
        if (kept <= TLanes.Count)
        {
            var places = TopKRank<TLanes>.OrderOfVector(TLanes.Load(values), values, kept);
            for (var place = 0; place < written; place++, places >>= 4)
            {
                targetIndices[place] = indices[places & 15];
                targetValues[place] = values[places & 15];
            }

            return written;
        }

        TopKRank<TLanes>.Order(values, kept, order);
        for (var place = 0; place < written; place++)
        {
            targetIndices[place] = indices[order[place]];
            targetValues[place] = values[order[place]];
        }

        return written;
    }

    /// <summary>Afterwards only what is larger than the k-th is added, since equals that come later lose to it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | Hot.Loop)]
    private void KeepLargest()
    {
        var largestValues = stackalloc float[k];
        var largestIndices = stackalloc int[k];
        kept = Write(largestIndices, largestValues);
        Unsafe.CopyBlock(values, largestValues, (uint)kept * sizeof(float));
        Unsafe.CopyBlock(indices, largestIndices, (uint)kept * sizeof(int));
        var smallest = values[k - 1];
        limit = TLanes.Create(float.IsPositiveInfinity(smallest) ? float.NaN : MathF.BitIncrement(smallest));
    }
}
