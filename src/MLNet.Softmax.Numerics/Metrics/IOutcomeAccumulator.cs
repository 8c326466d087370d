namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// A metric that is fed rows in any number of portions, and can take over what another of its kind was fed with. However rows are
/// divided among accumulators, and in whatever order those are merged, the figures agree to within 1e-12. Not safe for
/// use by several threads at once: give each thread its own, and merge.
/// </summary>
/// <typeparam name="TSelf">The metric itself.</typeparam>
public interface IOutcomeAccumulator<in TSelf>
{
    /// <summary>Takes rows in.</summary>
    /// <param name="outcomes">What the rows came to.</param>
    void Add(ReadOnlySpan<RowOutcome> outcomes);

    /// <summary>Takes in all that another accumulator was fed with; the other is left as it is.</summary>
    /// <param name="other">An accumulator made with the same settings.</param>
    void Merge(TSelf other);
}
