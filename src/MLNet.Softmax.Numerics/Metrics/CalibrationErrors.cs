using System.Buffers;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Whether the confidence in the predicted class is justified: reliability bins over the top probability, and the expected and the
/// maximum calibration error computed from them.
/// </summary>
/// <remarks>
/// Guo et al., "On Calibration of Modern Neural Networks" (2017). The estimate depends on the bins and leans upward for few
/// rows; quote the bins with it.
/// </remarks>
public sealed class TopLabelCalibration
{
    private readonly BinTable _table;

    internal TopLabelCalibration(BinLayout layout) => _table = new BinTable(1, layout);

    /// <summary>The bins.</summary>
    public BinLayout Layout => _table.Layout;

    /// <summary>
    /// The mean over rows of the gap between confidence and accuracy of the row's bin, from 0 to 1; NaN where no row has weight.
    /// </summary>
    public double ExpectedError => _table.ExpectedError(0);

    /// <summary>The widest gap of any bin that has rows, however few; NaN where no row has weight.</summary>
    public double MaximumError => _table.MaximumError(0);

    /// <summary>
    /// The mean confidence: above the accuracy, the model claims too much; below it, too little. NaN where no row has weight.
    /// </summary>
    public double MeanConfidence => _table.MeanProbability(0);

    /// <summary>Computes the calibration of rows.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="layout">The bins; 15 bins (lower, upper] where null.</param>
    /// <returns>The filled bins.</returns>
    public static TopLabelCalibration Compute(ProbabilityBlock block, BinLayout? layout = null) =>
        RowOutcome.Feed(block, new TopLabelCalibration(layout ?? BinLayout.Default), static (calibration, rows) => calibration.Add(rows));

    /// <summary>The bins of the reliability diagram, empty ones included.</summary>
    /// <param name="level">The confidence level of the Wilson intervals, between 0 and 1.</param>
    /// <returns>One entry a bin, by rising probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public ReliabilityBin[] ToBins(double level = 0.95) => _table.ToBins(0, level);

    internal void Add(ReadOnlySpan<RowOutcome> outcomes)
    {
        foreach (ref readonly var outcome in outcomes)
            _table.Add(0, outcome.TopProbability, outcome.Weight, outcome.CorrectWeight);
    }

    internal void Merge(TopLabelCalibration other) => _table.Merge(other._table);
}

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
    public double ExpectedError => Enumerable.Range(0, ClassCount).Sum(ErrorOfClass) / ClassCount;

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

/// <summary>
/// The expected calibration error of the top label over bins of equally many rows instead of equal width, so that no bin is
/// empty and none rests on a handful of rows.
/// </summary>
/// <remarks>
/// Nixon et al., "Measuring Calibration in Deep Learning" (2019). Sorts the rows: about 30 ns and 48 bytes a row. Rows of equal
/// confidence, as trees and votes give them, always share a bin, so that the order of the rows does not matter: an edge between two of them
/// moves to the end of their group. Bins are then less even, and some may be empty.
/// </remarks>
public static class AdaptiveCalibrationError
{
    /// <summary>Computes the error.</summary>
    /// <param name="block">All rows.</param>
    /// <param name="binCount">How many bins, at least 1. Rows are split by their number, whatever their weights, as evenly as possible
    /// without cutting a group of equal confidence; the first bins are one larger.</param>
    /// <returns>From 0 to 1; NaN if no row has weight.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="binCount"/> is less than 1.</exception>
    public static double Compute(ProbabilityBlock block, int binCount = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        return Compute(RowOutcome.Of(block), binCount);
    }

    internal static double Compute(ReadOnlySpan<RowOutcome> outcomes, int binCount)
    {
        var order = Order(outcomes);
        double gaps = 0, total = 0;
        for (int bin = 0, row = 0, end = 0; row < order.Length; bin++)
        {
            end += (order.Length / binCount) + (bin < order.Length % binCount ? 1 : 0);
            double claimed = 0, correct = 0, weight = 0;
            for (; row < end || (row < order.Length && IsAsConfidentAsTheRowBefore(row)); row++)
            {
                ref readonly var outcome = ref outcomes[(int)ProbabilitySort.Carried(order[row])];
                weight += outcome.Weight;
                claimed += outcome.Weight * (double)outcome.TopProbability;
                correct += outcome.IsCorrect ? outcome.Weight : 0;
            }

            gaps += Math.Abs(correct - claimed);
            total += weight;
        }

        return gaps / total;

        bool IsAsConfidentAsTheRowBefore(int row) => order[row] >> 32 == order[row - 1] >> 32;
    }

    /// <summary>The rows by rising confidence.</summary>
    private static ulong[] Order(ReadOnlySpan<RowOutcome> outcomes)
    {
        var keys = new ulong[outcomes.Length];
        for (var row = 0; row < keys.Length; row++)
            keys[row] = ProbabilitySort.Key(outcomes[row].TopProbability, (uint)row);
        return ProbabilitySort.Sort(keys, new ulong[keys.Length]);
    }
}
