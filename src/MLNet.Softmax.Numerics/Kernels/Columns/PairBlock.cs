namespace MLNet.Softmax.Numerics.Kernels;

/// <summary>
/// Rows of two classes, as many as a vector has lanes. With d the second score minus the first, the probabilities are 1 / (1 + exp(d)) and
/// exp(d) / (1 + exp(d)): one exponential per row.
/// </summary>
internal static unsafe class PairBlock<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>
    /// Writes the softmax of blocks of <c>TLanes.Count</c> rows, up to a block with a probability that is not a normal number. Returns the
    /// number of blocks written.
    /// </summary>
    [MethodImpl(Hot.Kernel)]
    public static int Softmax(float* scores, float* probabilities, int blockCount, ExponentScale scale)
    {
        var (high, low, limit) = (TLanes.Create(scale.High), TLanes.Create(scale.Low), TLanes.Create(scale.FarthestNormal));
        for (var block = 0; block < blockCount; block++)
        {
            Transposition<TLanes>.LoadPairs(scores, out var first, out var second);
            var difference = second - first;
            if (!TLanes.AllWithin(difference, limit))
                return block;
            var exponential = Exponentials(first, second, difference, high, low);
            var factor = TLanes.Create(1f) / (TLanes.Create(1f) + exponential);
            Transposition<TLanes>.StorePairs(probabilities, factor, exponential * factor);
            scores += 2 * TLanes.Count;
            probabilities += 2 * TLanes.Count;
        }

        return blockCount;
    }

    /// <summary>
    /// exp of the difference, which is at most <see cref="ExponentScale.FarthestNormal"/>. The two scores correct its rounding.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Exponentials(TLanes first, TLanes second, TLanes difference, TLanes high, TLanes low)
    {
        var rest = Exponential<TLanes>.Reduce(difference, high, low, TLanes.Create(TLanes.Rounder), out var rounded);
        return TLanes.Combine(rounded, TLanes.MultiplyAdd(Lost(first, second, difference), high, rest));
    }

    /// <summary>
    /// The rounding error of the difference (Knuth's two-sum): for up to 88 nats, it would be 30 times the documented error.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static TLanes Lost(TLanes first, TLanes second, TLanes difference)
    {
        var shadow = difference + first;
        return (second - shadow) - (first - (shadow - difference));
    }

    /// <summary>
    /// Writes the softmax of one block in which the smaller probability of a row may not be a normal number: it becomes 0, and the other 1.
    /// Returns false without writing anything if a difference is not finite.
    /// </summary>
    public static bool TryFarApart(float* scores, float* probabilities, ExponentScale scale)
    {
        Transposition<TLanes>.LoadPairs(scores, out var first, out var second);
        var difference = second - first;
        if (!TLanes.AllWithin(difference, TLanes.Create(float.MaxValue)))
            return false;
        var (zero, one) = (TLanes.Create(0f), TLanes.Create(1f));
        var distance = TLanes.Max(difference, zero - difference);
        var near = TLanes.SelectGreater(distance, TLanes.Create(scale.FarthestNormal), zero, one);
        first = TLanes.SelectGreater(near, zero, first, zero);
        second = TLanes.SelectGreater(near, zero, second, zero);
        var exponential = Exponentials(first, second, second - first, TLanes.Create(scale.High), TLanes.Create(scale.Low));
        var factor = one / (one + exponential);
        Transposition<TLanes>.StorePairs(
            probabilities,
            TLanes.SelectGreater(near, zero, factor, TLanes.SelectGreater(difference, zero, zero, one)),
            TLanes.SelectGreater(near, zero, exponential * factor, TLanes.SelectGreater(difference, zero, one, zero)));
        return true;
    }
}

/// <summary>
/// One row of two classes. Each probability is 1 / (1 + exp(d)), where d is the other score minus its own. It waits for no maximum and no
/// sum.
/// </summary>
internal static unsafe class PairRow
{
    /// <summary>
    /// Writes the softmax. Returns false without writing anything if the difference is not finite, or so large that a probability is not a
    /// normal number.
    /// </summary>
    [MethodImpl(Hot.Inline)]
    public static bool TrySoftmax(float* scores, float* probabilities, in ExponentScale scale)
    {
        if (!(MathF.Abs(scores[1] - scores[0]) <= scale.FarthestNormal))
            return false;
        var both = Vector128.CreateScalar(*(double*)scores).AsSingle();
        var (own, other) = (new Lanes128(both), new Lanes128(Vector128.Shuffle(both, Vector128.Create(1, 0, 3, 2))));
        var one = Lanes128.Create(1f);
        var probability = one
            / (one + PairBlock<Lanes128>.Exponentials(own, other, other - own, Lanes128.Create(scale.High), Lanes128.Create(scale.Low)));
        *(double*)probabilities = probability.Value.AsDouble().ToScalar();
        return true;
    }
}
