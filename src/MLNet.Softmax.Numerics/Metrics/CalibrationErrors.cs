namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Measures whether the confidence in the predicted class is justified: reliability bins over the top probability, with the expected and
/// the maximum calibration error.
/// </summary>
/// <remarks>
/// Guo et al., "On Calibration of Modern Neural Networks" (2017). The estimate depends on the bins and is too high on average for few rows;
/// report the bins with it.
/// </remarks>
public sealed class TopLabelCalibration
{
    private readonly BinTable _table;

    internal TopLabelCalibration(BinLayout layout) => _table = new BinTable(1, layout);

    /// <summary>The bins.</summary>
    public BinLayout Layout => _table.Layout;

    /// <summary>
    /// The mean over rows of the gap between confidence and accuracy of the row's bin, from 0 to 1; NaN if no row has weight.
    /// </summary>
    public double ExpectedError => _table.ExpectedError(0);

    /// <summary>The widest gap of any bin that has rows, however few; NaN if no row has weight.</summary>
    public double MaximumError => _table.MaximumError(0);

    /// <summary>
    /// The mean confidence. If it is above the accuracy, the model is overconfident; if below, underconfident. NaN if no row has weight.
    /// </summary>
    public double MeanConfidence => _table.MeanProbability(0);

    /// <summary>Computes the calibration of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] if null.</param>
    /// <returns>The calibration.</returns>
    public static TopLabelCalibration Compute(ProbabilityBlock block, BinLayout? layout = null) =>
        RowOutcome.Feed(block, new TopLabelCalibration(layout ?? BinLayout.Default), static (calibration, rows) => calibration.Add(rows));

    /// <summary>The bins of the reliability diagram, empty ones included.</summary>
    /// <param name="level">The confidence level of the Wilson intervals, between 0 and 1.</param>
    /// <returns>One entry per bin, by rising probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ReliabilityBin[] ToBins(double level = 0.95) => _table.ToBins(0, level);

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _table.Add(0, outcome.TopProbability, outcome.Weight, outcome.CorrectWeight);
    }

    internal void Merge(TopLabelCalibration other) => _table.Merge(other._table);

    internal void Transfer(StateTransfer state) => _table.Transfer(state);
}

/// <summary>
/// Measures whether the probability of every class is justified, not only that of the predicted class: reliability bins for each class's
/// probability against "the row belongs to this class". Holds 32 bytes per class and bin.
/// </summary>
/// <remarks>
/// Kull et al., "Beyond temperature scaling: Obtaining well-calibrated multi-class probabilities with Dirichlet calibration" (2019).
/// </remarks>
public sealed class ClasswiseCalibration
{
    private const int ManyClasses = 32;
    private readonly BinTable _table;

    internal ClasswiseCalibration(int classCount, BinLayout layout) => _table = new BinTable(classCount, layout);

    /// <summary>The number of classes.</summary>
    public int ClassCount => _table.RowCount;

    /// <summary>The bins.</summary>
    public BinLayout Layout => _table.Layout;

    /// <summary>The mean over all classes of <see cref="ErrorOfClass"/>, from 0 to 1; NaN if no row has weight.</summary>
    public double ExpectedError => Enumerable.Range(0, ClassCount).Sum(ErrorOfClass) / ClassCount;

    /// <summary>Computes the calibration of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] if null.</param>
    /// <returns>The calibration.</returns>
    public static ClasswiseCalibration Compute(ProbabilityBlock block, BinLayout? layout = null)
    {
        var calibration = new ClasswiseCalibration(block.ClassCount, layout ?? BinLayout.Default);
        calibration.Add(block);
        return calibration;
    }

    /// <summary>The expected calibration error of one class's probability.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <returns>From 0 to 1; NaN if no row has weight.</returns>
    public double ErrorOfClass(int label) => _table.ExpectedError(label);

    /// <summary>The bins of one class's reliability diagram, empty ones included.</summary>
    /// <param name="label">The class, 0-based.</param>
    /// <param name="level">The confidence level of the Wilson intervals, between 0 and 1.</param>
    /// <returns>One entry per bin, by rising probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ReliabilityBin[] ToBins(int label, double level = 0.95) => _table.ToBins(label, level);

    internal void Add(ProbabilityBlock block)
    {
        if (VectorSupport.IsInterpreted)
        {
            for (var row = 0; row < block.RowCount; row++)
                _table.AddOneByOne(block.Row(row), block.Labels[row], block.Weight(row));
            return;
        }

        if (ClassCount < ManyClasses)
        {
            for (var start = 0; start < block.RowCount; start += RowOutcome.BlockRows)
                AddOfFewClasses(block.Slice(start, Math.Min(RowOutcome.BlockRows, block.RowCount - start)));
            return;
        }

        for (var row = 0; row < block.RowCount; row++)
            _table.AddToManyRows(block.Row(row), block.Labels[row], block.Weight(row));
    }

    internal void Merge(ClasswiseCalibration other) => _table.Merge(other._table);

    internal void Transfer(StateTransfer state) => _table.Transfer(state);

    [SkipLocalsInit]
    private void AddOfFewClasses(ProbabilityBlock block)
    {
        Span<int> slots = stackalloc int[RowOutcome.BlockRows * ManyClasses];
        BinTable.ComputeSlots(block.Probabilities, Layout, slots);
        for (var row = 0; row < block.RowCount; row++)
            _table.AddToEachRow(block.Row(row), slots.Slice(row * ClassCount, ClassCount), block.Labels[row], block.Weight(row));
    }
}
