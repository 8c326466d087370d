using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Whether every class's probability can be believed, not only that of the predicted one: reliability bins for each class's
/// probability against "the row belongs to this class". Holds 32 bytes a class and bin.
/// </summary>
/// <remarks>
/// Kull et al., "Beyond temperature scaling: Obtaining well-calibrated multi-class probabilities with Dirichlet calibration" (2019).
/// </remarks>
public sealed class ClasswiseCalibration
{
    private readonly BinTable _table;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is less than 1.</exception>
    public ClasswiseCalibration(int classCount, BinLayout? layout = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        _table = new BinTable(classCount, layout ?? BinLayout.Default);
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount => _table.RowCount;

    /// <summary>The bins.</summary>
    public BinLayout Layout => _table.Layout;

    /// <summary>The mean over all classes of <see cref="ErrorOfClass"/>, from 0 to 1; NaN where no row has weight.</summary>
    public double ExpectedError
    {
        get
        {
            var sum = 0.0;
            for (var label = 0; label < ClassCount; label++)
                sum += ErrorOfClass(label);
            return sum / ClassCount;
        }
    }

    /// <summary>Computes the calibration of rows at once.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    /// <returns>The filled bins.</returns>
    public static ClasswiseCalibration Compute(ProbabilityBlock block, BinLayout? layout = null)
    {
        var calibration = new ClasswiseCalibration(block.ClassCount, layout);
        calibration.Add(block);
        return calibration;
    }

    /// <summary>The expected calibration error of one class's probability.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN where no row has weight.</returns>
    public double ErrorOfClass(int label) => _table.ExpectedError(label);

    /// <summary>The bins of one class's reliability diagram, empty ones included.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <param name="level">The confidence level of the Wilson intervals, between 0 and 1.</param>
    /// <returns>One entry a bin, by rising probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ReliabilityBin[] ToBins(int label, double level = 0.95) => _table.ToBins(label, level);

    /// <summary>Takes rows in.</summary>
    /// <param name="block">The rows.</param>
    /// <exception cref="ArgumentException">The rows have another number of classes.</exception>
    public void Add(ProbabilityBlock block)
    {
        if (block.ClassCount != ClassCount)
            throw new ArgumentException($"Rows of {block.ClassCount} classes given to an accumulator of {ClassCount}.", nameof(block));

        for (var start = 0; start < block.RowCount; start += RowOutcomes.BlockRows)
            AddPart(block.Slice(start, Math.Min(RowOutcomes.BlockRows, block.RowCount - start)));
    }

    /// <summary>Takes in all that another accumulator was fed with; the other is left as it is.</summary>
    /// <param name="other">An accumulator of as many classes and the same bins.</param>
    /// <exception cref="ArgumentException">The classes or the bins differ.</exception>
    public void Merge(ClasswiseCalibration other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MergeGuard.SameClasses(ClassCount, other.ClassCount);
        MergeGuard.SameBins(Layout, other.Layout);
        _table.Merge(other._table);
    }

    private void AddPart(ProbabilityBlock block)
    {
        var slots = ArrayPool<int>.Shared.Rent(block.Probabilities.Length);
        BinSlots.Compute(block.Probabilities, Layout, slots);
        for (var row = 0; row < block.RowCount; row++)
            _table.AddToEachRow(block.Row(row), slots.AsSpan(row * ClassCount, ClassCount), block.Labels[row], block.Weight(row));
        ArrayPool<int>.Shared.Return(slots);
    }
}
