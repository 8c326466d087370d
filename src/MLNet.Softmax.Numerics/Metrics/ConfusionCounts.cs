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

    /// <summary>The weight of the rows of a true class that were given a class; the number of rows where there are no weights.</summary>
    /// <param name="label">The true class, 0-based.</param>
    /// <param name="predicted">The most probable class, 0-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int label, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)ClassCount, nameof(label));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)ClassCount, nameof(predicted));
            return _weights[(label * ClassCount) + predicted];
        }
    }

    /// <summary>Computes the counts of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The counts.</returns>
    public static ConfusionCounts Compute(ProbabilityBlock block) => RowOutcomes.Feed(new ConfusionCounts(block.ClassCount), block);

    /// <summary>One true class: the weight that was given to each class.</summary>
    /// <param name="label">The true class, 0-based.</param>
    /// <returns>A view of <see cref="ClassCount"/> values.</returns>
    public ReadOnlySpan<double> Row(int label) => _weights.AsSpan(label * ClassCount, ClassCount);

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
