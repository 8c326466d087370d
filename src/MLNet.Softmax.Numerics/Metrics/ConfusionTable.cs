using System.Numerics.Tensors;
using MLNet.Softmax.Numerics.Notebooks;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The confusion matrix: the weight of each true class that was predicted as each class. Holds classes x classes values, 8 MB for 1,000
/// classes, unless there are few rows. Immutable.
/// </summary>
[TypeFormatterSource(typeof(FitFormatterSource))]
public sealed class ConfusionTable
{
    /// <summary>With more classes, the matrix would exceed 2 GB.</summary>
    internal const int MostClasses = 16_384;

    // Few rows are only listed: the new memory of a matrix of many classes would take longer than all other metrics of them.
    private const int CellsPerListedRow = 16;

    private List<Entry> _listed = [];
    // Null while the rows are listed.
    private double[]? _weights;
    private bool _isShared;

    internal ConfusionTable(int classCount) => ClassCount = classCount;

    private ConfusionTable(ConfusionTable other) =>
        (ClassCount, _listed, _weights, _isShared) = (other.ClassCount, [.. other._listed], other._weights, other._isShared);

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The weight of the rows of a true class that were predicted as a class; their number if there are no weights.</summary>
    /// <param name="label">The true class, 0-based.</param>
    /// <param name="predicted">The most probable class, 0-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int label, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)ClassCount, nameof(predicted));
            return Row(label)[predicted];
        }
    }

    /// <summary>Computes the matrix of rows.</summary>
    /// <param name="block">The rows, of at most 16,384 classes (2 GB).</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentException">There are more classes.</exception>
    public static ConfusionTable Compute(ProbabilityBlock block)
    {
        if (block.ClassCount > MostClasses)
            throw new ArgumentException($"A confusion matrix has at most {MostClasses} classes, found {block.ClassCount}.", nameof(block));
        return RowOutcome.Feed(block, new ConfusionTable(block.ClassCount), static (table, rows) => table.Add(rows));
    }

    /// <summary>One row of the matrix: the weight of a true class that was predicted as each class.</summary>
    /// <param name="label">The true class, 0-based.</param>
    /// <returns>A view of <see cref="ClassCount"/> values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public ReadOnlySpan<double> Row(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)ClassCount, nameof(label));
        return Weights.AsSpan(label * ClassCount, ClassCount);
    }

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        if (CanList(outcomes.Length))
        {
            foreach (ref readonly var outcome in outcomes)
                _listed.Add(new(CellOf(outcome), outcome.Weight));
            return;
        }

        var weights = OwnWeights();
        foreach (ref readonly var outcome in outcomes)
            weights[CellOf(outcome)] += outcome.Weight;
    }

    internal void Merge(ConfusionTable other)
    {
        if (other._weights is null && CanList(other._listed.Count))
        {
            _listed.AddRange(other._listed);
            return;
        }

        var weights = OwnWeights();
        TensorPrimitives.Add(weights, other.Weights, weights);
    }

    internal void Transfer(StateTransfer state) => state.Sums<double>(Weights);

    /// <summary>A table that later changes of this one do not change. The weights are only copied when one of the two changes.</summary>
    internal ConfusionTable Copy()
    {
        _isShared = _weights is not null;
        return new(this);
    }

    private int CellOf(in RowOutcome outcome) => (outcome.Label * ClassCount) + outcome.Predicted;

    private bool CanList(int rowCount) => _weights is null && _listed.Count + rowCount <= ClassCount * ClassCount / CellsPerListedRow;

    private double[] Weights
    {
        get
        {
            if (Volatile.Read(ref _weights) is { } known)
                return known;
            var weights = new double[ClassCount * ClassCount];
            foreach (var entry in _listed)
                weights[entry.Cell] += entry.Weight;
            // Several threads may read at once; all use the first one's.
            return Interlocked.CompareExchange(ref _weights, weights, null) ?? weights;
        }
    }

    /// <summary>Weights that may be changed.</summary>
    private double[] OwnWeights()
    {
        _weights = _isShared ? [.. Weights] : Weights;
        (_isShared, _listed) = (false, []);
        return _weights;
    }

    private readonly record struct Entry(int Cell, float Weight);
}

/// <summary>
/// Top-k accuracy for every k: the share of rows whose true class is among the k most probable ones. Ties go to the lower index.
/// </summary>
public sealed class TopKAccuracy
{
    private readonly CompensatedSum[] _weightOfRank;

    internal TopKAccuracy(int classCount) => _weightOfRank = new CompensatedSum[classCount];

    /// <summary>Computes the accuracy of rows for every k from 1 to the number of classes.</summary>
    /// <param name="block">The rows.</param>
    /// <returns>The accuracy for k at index k - 1, from 0 to 1, never decreasing; all NaN if no row has weight.</returns>
    public static double[] Compute(ProbabilityBlock block) =>
        RowOutcome.Feed(block, new TopKAccuracy(block.ClassCount), static (accuracy, rows) => accuracy.Add(rows)).ToArray();

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

    internal void Merge(TopKAccuracy other) => CompensatedSum.Merge(_weightOfRank, other._weightOfRank);

    internal void Transfer(StateTransfer state) => state.Sums<CompensatedSum>(_weightOfRank);
}
