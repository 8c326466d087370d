using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Whether the probability of every class is justified, not only that of the predicted one: reliability bins for each class's
/// probability against "the row belongs to this class". Holds 32 bytes a class and bin.
/// </summary>
/// <remarks>
/// Kull et al., "Beyond temperature scaling: Obtaining well-calibrated multi-class probabilities with Dirichlet calibration" (2019).
/// </remarks>
public sealed class ClasswiseCalibration
{
    private readonly BinTable _table;

    internal ClasswiseCalibration(int classCount, BinLayout layout) => _table = new BinTable(classCount, layout);

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

    /// <summary>Computes the calibration of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    /// <returns>The filled bins.</returns>
    public static ClasswiseCalibration Compute(ProbabilityBlock block, BinLayout? layout = null)
    {
        var calibration = new ClasswiseCalibration(block.ClassCount, layout ?? BinLayout.Default);
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

    internal void Add(ProbabilityBlock block)
    {
        for (var start = 0; start < block.RowCount; start += RowOutcome.BlockRows)
            AddPart(block.Slice(start, Math.Min(RowOutcome.BlockRows, block.RowCount - start)));
    }

    internal void Merge(ClasswiseCalibration other) => _table.Merge(other._table);

    private void AddPart(ProbabilityBlock block)
    {
        var slots = ArrayPool<int>.Shared.Rent(block.Probabilities.Length);
        BinTable.ComputeSlots(block.Probabilities, Layout, slots);
        for (var row = 0; row < block.RowCount; row++)
            _table.AddToEachRow(block.Row(row), slots.AsSpan(row * ClassCount, ClassCount), block.Labels[row], block.Weight(row));
        ArrayPool<int>.Shared.Return(slots);
    }
}
