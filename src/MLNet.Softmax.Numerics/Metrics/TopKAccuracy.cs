namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// For every k at once: the share of rows whose true class is among the k most probable ones. Ties go to the lower index.
/// </summary>
public sealed class TopKAccuracy : IOutcomeAccumulator<TopKAccuracy>
{
    private readonly CompensatedSum[] _weightOfRank;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is less than 1.</exception>
    public TopKAccuracy(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        _weightOfRank = new CompensatedSum[classCount];
    }

    /// <summary>Computes the accuracy for every k of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>As <see cref="ToArray"/>.</returns>
    public static double[] Compute(ProbabilityBlock block) => RowOutcomes.Feed(new TopKAccuracy(block.ClassCount), block).ToArray();

    /// <summary>The accuracy for every k from 1 to the number of classes.</summary>
    /// <returns>The accuracy for k at index k - 1, from 0 to 1, never falling; all NaN where no row has weight.</returns>
    public double[] ToArray()
    {
        var cumulative = new double[_weightOfRank.Length];
        var sum = new CompensatedSum();
        for (var rank = 0; rank < cumulative.Length; rank++)
        {
            sum.Merge(_weightOfRank[rank]);
            cumulative[rank] = sum.Value;
        }

        for (var rank = 0; rank < cumulative.Length; rank++)
            cumulative[rank] /= sum.Value;
        return cumulative;
    }

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _weightOfRank[outcome.Rank].Add(outcome.Weight);
    }

    /// <inheritdoc/>
    public void Merge(TopKAccuracy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeGuard.SameClasses(_weightOfRank.Length, other._weightOfRank.Length);
        for (var rank = 0; rank < _weightOfRank.Length; rank++)
            _weightOfRank[rank].Merge(other._weightOfRank[rank]);
    }
}
