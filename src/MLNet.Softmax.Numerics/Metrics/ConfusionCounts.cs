namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// How much weight of each true class was given each class. Holds classes x classes values: 8 MB for 1,000 classes.
/// </summary>
public sealed class ConfusionCounts : IOutcomeAccumulator<ConfusionCounts>
{
    private readonly double[] _weights;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">The number of classes, from 1 to 16,384 (2 GB).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> lies outside its range.</exception>
    public ConfusionCounts(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, 16_384);
        ClassCount = classCount;
        _weights = new double[classCount * classCount];
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>Computes the counts of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The counts.</returns>
    public static ConfusionTable Compute(ProbabilityBlock block) =>
        RowOutcomes.Feed(new ConfusionCounts(block.ClassCount), block).ToTable();

    /// <summary>The counts so far; what is added later does not change them.</summary>
    /// <returns>A copy.</returns>
    public ConfusionTable ToTable() => new(ClassCount, [.. _weights]);

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _weights[(outcome.Label * ClassCount) + outcome.Predicted] += outcome.Weight;
    }

    /// <inheritdoc/>
    public void Merge(ConfusionCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeGuard.SameClasses(ClassCount, other.ClassCount);
        for (var index = 0; index < _weights.Length; index++)
            _weights[index] += other._weights[index];
    }
}
