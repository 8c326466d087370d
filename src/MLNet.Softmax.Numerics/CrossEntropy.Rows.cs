using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

public static partial class CrossEntropy
{
    /// <summary>Computes the summed loss of many rows that follow each other in memory, whose classes are known.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <param name="maxDegreeOfParallelism">The largest number of threads,
    /// or -1 for every processor. The result does not depend on it.</param>
    /// <returns>The sum, and what to divide it by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class and not the ignored one, or an option, the class count or the
    /// degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows,
    /// or the number of labels or class weights does not fit them.</exception>
    public static CrossEntropyTotal Rows(ReadOnlySpan<float> scores, int classCount,
        ReadOnlySpan<int> labels, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckLabels(scores, classCount, labels, options);
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, labels, [], options, threads);
    }

    /// <summary>Computes the summed loss of many rows whose classes are known, and its gradient in every score.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may be the
    /// same memory, exactly. Receives the gradient of the sum, not of the mean.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <param name="maxDegreeOfParallelism">The largest number of threads,
    /// or -1 for every processor. The result does not depend on it.</param>
    /// <returns>The sum, and what to divide it (and the gradient) by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A label is no class and not the ignored one, or an option, the class count or the
    /// degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, the number of labels or class weights does not fit them,
    /// or the destination is too short or overlaps them at an offset.</exception>
    public static CrossEntropyTotal RowsWithGradient(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels,
        Span<float> gradient, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckLabels(scores, classCount, labels, options);
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(labels, destination, nameof(gradient));
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, labels, destination, options, threads);
    }

    /// <summary>Computes the summed loss of many rows that follow each other in memory, against a distribution for each.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="targets">The target of each class in each row, laid out as the scores.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <param name="maxDegreeOfParallelism">The largest number of threads,
    /// or -1 for every processor. The result does not depend on it.</param>
    /// <returns>The sum, and what to divide it by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option, the class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows,
    /// or the number of targets or class weights does not fit them.</exception>
    public static CrossEntropyTotal Rows(ReadOnlySpan<float> scores, int classCount,
        ReadOnlySpan<float> targets, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckTargets(scores, classCount, targets, options);
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, targets, [], options, threads);
    }

    /// <summary>Computes the summed loss of many rows against a distribution for each, and its gradient in every score.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="targets">The target of each class in each row, laid out as the scores.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may be the scores' memory, exactly, but must not overlap the
    /// targets. Receives the gradient of the sum.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <param name="maxDegreeOfParallelism">The largest number of threads,
    /// or -1 for every processor. The result does not depend on it.</param>
    /// <returns>The sum, and what to divide it (and the gradient) by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option, the class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">The scores are no whole number of rows, the number of targets or class weights does not fit
    /// them, or the destination is too short or overlaps an input.</exception>
    public static CrossEntropyTotal RowsWithGradient(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets,
        Span<float> gradient, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckTargets(scores, classCount, targets, options);
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(targets, destination, nameof(gradient));
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, targets, destination, options, threads);
    }

    private static void CheckLabels(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels, in CrossEntropyOptions options)
    {
        var rowCount = Guard.RowCount(scores, classCount);
        if (labels.Length != rowCount)
            throw new ArgumentException($"There are {labels.Length} labels for {rowCount} rows; give one for each.", nameof(labels));
        Guard.Options(options, classCount);
        foreach (var label in labels)
            CheckLabel(label, classCount, options);
    }

    private static void CheckTargets(
        ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets, in CrossEntropyOptions options)
    {
        if (targets.Length != scores.Length)
            throw new ArgumentException(
                $"There are {targets.Length} targets for {scores.Length} scores; give one for each.", nameof(targets));
        Guard.RowCount(scores, classCount);
        Guard.Options(options, classCount);
    }
}
