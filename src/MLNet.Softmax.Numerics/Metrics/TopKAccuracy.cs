namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// For every k at once: the share of rows whose true class is among the k most probable ones. Ties go to the lower index.
/// </summary>
public sealed class TopKAccuracy
{
    private readonly CompensatedSum[] _weightOfRank;

    internal TopKAccuracy(int classCount) => _weightOfRank = new CompensatedSum[classCount];

    /// <summary>Computes the accuracy of rows for every k from 1 to the number of classes.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The accuracy for k at index k - 1, from 0 to 1, never falling; all NaN if no row has weight.</returns>
    public static double[] Compute(ProbabilityBlock block)
    {
        var accuracy = new TopKAccuracy(block.ClassCount);
        RowOutcome.Feed(block, accuracy.Add);
        return accuracy.ToArray();
    }

    internal double[] ToArray()
    {
        var cumulative = new double[_weightOfRank.Length];
        var sum = new CompensatedSum();
        for (var rank = 0; rank < cumulative.Length; rank++)
        {
            sum.Merge(_weightOfRank[rank]);
            cumulative[rank] = sum.Value;
        }

        return Array.ConvertAll(cumulative, weight => weight / cumulative[^1]);
    }

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _weightOfRank[outcome.Rank].Add(outcome.Weight);
    }

    internal void Merge(TopKAccuracy other)
    {
        for (var rank = 0; rank < _weightOfRank.Length; rank++)
            _weightOfRank[rank].Merge(other._weightOfRank[rank]);
    }
}
