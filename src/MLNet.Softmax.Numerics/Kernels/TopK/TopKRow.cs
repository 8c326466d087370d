namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>The k largest values of one row: packs the values that reach a lower bound of the k-th, and sorts them.</summary>
internal static unsafe class TopKRow<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Writes the k largest of each row, k up to <see cref="TopKCandidates{TLanes}.LargestK"/>.</summary>
    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    public static void Write(float* scores, nint rowCount, int count, int k, int* indices, float* values)
    {
        var candidateValues = stackalloc float[TopKCandidates<TLanes>.Room];
        var candidateIndices = stackalloc int[TopKCandidates<TLanes>.Room];
        var order = stackalloc int[TopKCandidates<TLanes>.Room];
        var inBlocks = count >= TopKBlocks<TLanes>.ShortestRow;
        var isOutOfCache = OutOfCache.IsFor((int)rowCount, count);
        var maxima = stackalloc float[inBlocks ? TopKBlocks<TLanes>.Most * TLanes.Count : 0];
        for (nint row = 0; row < rowCount; row++, scores += count, indices += k, values += k)
        {
            var written = inBlocks
                ? WriteInBlocks(scores, count, k, isOutOfCache, maxima, candidateValues, candidateIndices, order, indices, values)
                : WriteWhole(scores, count, k, candidateValues, candidateIndices, order, indices, values);
            if (written < k)
                AppendMissing(scores, count, k, written, indices, values);
        }
    }

    [MethodImpl(Hot.Loop)]
    private static int WriteWhole(
        float* scores, int count, int k, float* candidateValues, int* candidateIndices, int* order, int* indices, float* values)
    {
        var bound = TopKBound<TLanes>.Of(scores, count, k, candidateValues, order);
        var candidates = new TopKCandidates<TLanes>(k, bound, candidateValues, candidateIndices, order);
        candidates.Add(scores, 0, count);
        return candidates.Write(indices, values);
    }

    [SkipLocalsInit]
    [MethodImpl(Hot.Loop)]
    private static int WriteInBlocks(
        float* scores, int count, int k, bool isOutOfCache, float* maxima, float* candidateValues,
        int* candidateIndices, int* order, int* indices, float* values)
    {
        var length = TopKBlocks<TLanes>.LengthFor(count);
        var blocks = TopKBlocks<TLanes>.Maxima(scores, count, length, isOutOfCache, maxima);
        var bound = TopKBound<TLanes>.Of(maxima, blocks * TLanes.Count, k, candidateValues, order);
        if (k > TopKBound<TLanes>.LargestK)
        {
            var largest = new TopKCandidates<TLanes>(k, bound, candidateValues, candidateIndices, order);
            largest.Add(maxima, 0, blocks * TLanes.Count);
            bound = largest.Write(indices, values) == k ? values[k - 1] : bound;
        }

        var reaching = stackalloc int[TopKBlocks<TLanes>.Most];
        var found = TopKBlocks<TLanes>.Reaching(maxima, blocks, bound, reaching);
        var candidates = new TopKCandidates<TLanes>(k, bound, candidateValues, candidateIndices, order);
        var limit = TLanes.Create(bound);
        for (var i = 0; i < found; i++)
        {
            var start = reaching[i] * length;
            var end = start + Math.Min(length, count - start);
            for (; start <= end - (4 * TLanes.Count); start += 4 * TLanes.Count)
            {
                if (Reaching<TLanes>.OfFourVectors(scores + start, limit) != 0)
                    candidates.Add(scores, start, start + (4 * TLanes.Count));
            }

            candidates.Add(scores, start, end);
        }

        return candidates.Write(indices, values);
    }

    /// <summary>NaN ranks below everything: it fills the rest of the k places, in the order of its indices.</summary>
    private static void AppendMissing(float* scores, int count, int k, int written, int* indices, float* values)
    {
        for (var i = 0; i < count && written < k; i++)
        {
            if (!float.IsNaN(scores[i]))
                continue;
            indices[written] = i;
            values[written++] = scores[i];
        }
    }
}

/// <summary>
/// Puts a few values in descending order without a branch: each value's place is the number of values that come before it.
/// </summary>
internal static unsafe class TopKRank<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Which of up to 16 values comes first, second and so on, four bits each from the lowest on; equal values in order. The values are not
    /// NaN, and -infinity follows them; <paramref name="values"/> are the same in memory. With one vector, the second is not used.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static ulong OrderOf<TSize>(TLanes first, TLanes second, float* values, int count)
        where TSize : struct, IChoice
    {
        // In a register, because a load from an address of several recent stores has to wait for all of them.
        var order = 0UL;
        var earlier = 0u;
        for (var i = 0; i < count; i++, earlier = (2 * earlier) + 1)
        {
            var score = TLanes.Create(values[i]);
            var greater = TLanes.GreaterThan(first, score) | (TSize.IsYes ? TLanes.GreaterThan(second, score) << TLanes.Count : 0);
            var notLess = TLanes.GreaterThanOrEqual(first, score)
                | (TSize.IsYes ? TLanes.GreaterThanOrEqual(second, score) << TLanes.Count : 0);
            order |= (ulong)i << (4 * BitOperations.PopCount(greater | (notLess & earlier)));
        }

        return order;
    }

    /// <summary>
    /// Writes which value comes first, second and so on; equal values in order. -infinity fills the last vector; there is no NaN.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static void Order(float* values, int count, int* order)
    {
        for (var own = 0; own < count; own += TLanes.Count)
        {
            var row = TLanes.Load(values + own);
            var end = Math.Min(TLanes.Count, count - own);
            var earlier = 0u;
            for (var i = 0; i < end; i++, earlier = (2 * earlier) + 1)
            {
                var score = TLanes.Create(values[own + i]);
                var place = BitOperations.PopCount(TLanes.GreaterThan(row, score) | (TLanes.GreaterThanOrEqual(row, score) & earlier));
                for (var before = 0; before < own; before += TLanes.Count)
                    place += BitOperations.PopCount(TLanes.GreaterThanOrEqual(TLanes.Load(values + before), score));
                for (var behind = own + TLanes.Count; behind < count; behind += TLanes.Count)
                    place += BitOperations.PopCount(TLanes.GreaterThan(TLanes.Load(values + behind), score));
                order[place] = own + i;
            }
        }
    }
}
