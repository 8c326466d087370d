using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

public static partial class CrossEntropy
{
    /// <summary>Computes the summed loss of many rows that follow each other in memory, whose classes are known.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <returns>The sum, and what to divide it by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class and not the ignored one, or an option or the class count is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, or the number of labels or class weights does not fit them.</exception>
    public static CrossEntropyTotal Rows(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels, in CrossEntropyOptions options = default)
    {
        CheckRows(scores, classCount, labels.Length, options, nameof(labels));
        var total = default(CrossEntropyTotal);
        for (var row = 0; row < labels.Length; row++)
        {
            if (!IsIgnored(labels[row], classCount, options))
                total += new CrossEntropyTotal(CrossEntropyRow.Loss(RowKernels.Best, scores.Slice(row * classCount, classCount), labels[row], options), options.WeightOf(labels[row]), 1);
        }

        return total;
    }

    /// <summary>Computes the summed loss of many rows whose classes are known, and its gradient in every score.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may be the same memory, exactly. Receives the gradient of the sum, not of the mean.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <returns>The sum, and what to divide it (and the gradient) by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class and not the ignored one, or an option or the class count is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, the number of labels or class weights does not fit them, or the destination is too short or overlaps them at an offset.</exception>
    public static CrossEntropyTotal RowsWithGradient(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels, Span<float> gradient, in CrossEntropyOptions options = default)
    {
        CheckRows(scores, classCount, labels.Length, options, nameof(labels));
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(labels, destination, nameof(gradient));
        foreach (var label in labels)
            IsIgnored(label, classCount, options);
        var total = default(CrossEntropyTotal);
        for (var row = 0; row < labels.Length; row++)
        {
            var target = destination.Slice(row * classCount, classCount);
            if (labels[row] == options.IgnoredLabel)
                target.Clear();
            else
                total += new CrossEntropyTotal(CrossEntropyRow.LossAndGradient(RowKernels.Best, scores.Slice(row * classCount, classCount), labels[row], target, options), options.WeightOf(labels[row]), 1);
        }

        return total;
    }

    /// <summary>Computes the summed loss of many rows that follow each other in memory, against a distribution for each.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="targets">The target of each class in each row, laid out as the scores.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <returns>The sum, and what to divide it by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option or the class count is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, or the number of targets or class weights does not fit them.</exception>
    public static CrossEntropyTotal Rows(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets, in CrossEntropyOptions options = default)
    {
        CheckTarget(scores, targets);
        var rowCount = CheckRows(scores, classCount, null, options, nameof(targets));
        var loss = 0.0;
        for (var row = 0; row < rowCount; row++)
            loss += CrossEntropyRow.Loss(RowKernels.Best, scores.Slice(row * classCount, classCount), targets.Slice(row * classCount, classCount), options);
        return new CrossEntropyTotal(loss, rowCount, rowCount);
    }

    /// <summary>Computes the summed loss of many rows against a distribution for each, and its gradient in every score.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="targets">The target of each class in each row, laid out as the scores.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may be the scores' memory, exactly, but must not overlap the targets. Receives the gradient of the sum.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <returns>The sum, and what to divide it (and the gradient) by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option or the class count is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, the number of targets or class weights does not fit them, or the destination is too short or overlaps an input.</exception>
    public static CrossEntropyTotal RowsWithGradient(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets, Span<float> gradient, in CrossEntropyOptions options = default)
    {
        CheckTarget(scores, targets);
        var rowCount = CheckRows(scores, classCount, null, options, nameof(targets));
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(targets, destination, nameof(gradient));
        var loss = 0.0;
        for (var start = 0; start < scores.Length; start += classCount)
            loss += CrossEntropyRow.LossAndGradient(RowKernels.Best, scores.Slice(start, classCount), targets.Slice(start, classCount), destination.Slice(start, classCount), options);
        return new CrossEntropyTotal(loss, rowCount, rowCount);
    }

    private static int CheckRows(ReadOnlySpan<float> scores, int classCount, int? labelCount, in CrossEntropyOptions options, string name)
    {
        var rowCount = Guard.RowCount(scores, classCount);
        if (labelCount is { } labels && labels != rowCount)
            throw new ArgumentException($"There are {labels} labels for {rowCount} rows; give one for each.", name);
        Guard.Options(options, classCount);
        return rowCount;
    }
}
