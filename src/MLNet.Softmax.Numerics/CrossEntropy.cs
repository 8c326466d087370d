using System.Text;
using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>
/// Softmax and cross-entropy as one numerically stable operation: the loss -ln p of the target, and its gradient p - y with respect to the
/// scores.
/// </summary>
/// <remarks>
/// Scores are logits, never probabilities. The loss is in nats, and at least 0 if the targets are a distribution. NaN or +infinity among
/// the scores gives a loss of NaN and a gradient of NaN. If the target class has the score -infinity, the loss is +infinity; a class with
/// target 0 adds nothing to the loss, whatever its score (0 ln 0 = 0). With weights w and smoothing s over K classes, a label y stands for
/// the targets (1 - s) w[y] at y plus s w[c] / K at every class c, and soft targets t stand for w[c] ((1 - s) t[c] + s / K), as in PyTorch.
/// </remarks>
public static class CrossEntropy
{
    /// <summary>Computes the loss of one row with a known class.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="label">The index of the true class.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <returns>The loss in nats, not divided by any weight; 0 if the label is the ignored one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The label is neither a class nor the ignored label, or an option is out of range.
    /// </exception>
    /// <exception cref="ArgumentException">The number of class weights differs from the number of scores.</exception>
    public static float Loss(ReadOnlySpan<float> scores, int label, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        CheckLabel(label, scores.Length, options);
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, [label], [], options, 1).Loss;
    }

    /// <summary>Computes the loss of one row with a known class, and its gradient with respect to the scores.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="label">The index of the true class.</param>
    /// <param name="gradient">
    /// At least as long as <paramref name="scores"/>; may be exactly the same memory. All 0 if the label is the ignored one.
    /// </param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <returns>The loss in nats, not divided by any weight; 0 if the label is the ignored one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The label is neither a class nor the ignored label, or an option is out of range.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The number of class weights differs from the number of scores, or the destination is too short or overlaps them at an offset.
    /// </exception>
    public static float LossAndGradient(
        ReadOnlySpan<float> scores, int label, Span<float> gradient, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        var destination = Guard.Destination(scores, gradient);
        CheckLabel(label, scores.Length, options);
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, [label], destination, options, 1).Loss;
    }

    /// <summary>Computes the loss of one row against soft targets: a distribution over the classes.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="target">One target per class, usually at least 0 with a sum of 1; this is not checked.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <returns>The loss in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The number of targets or of class weights differs from the number of scores.</exception>
    public static float SoftTargetLoss(ReadOnlySpan<float> scores, ReadOnlySpan<float> target, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        CheckTarget(scores, target);
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, target, [], options, 1).Loss;
    }

    /// <summary>Computes the loss of one row against soft targets, and its gradient with respect to the scores.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="target">One target per class, usually at least 0 with a sum of 1; this is not checked.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may
    /// be exactly the scores' memory, but must not overlap the target.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <returns>The loss in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The number of targets or of class weights differs from the number of scores, or the destination is too short or overlaps an input.
    /// </exception>
    public static float SoftTargetLossAndGradient(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> target, Span<float> gradient, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        CheckTarget(scores, target);
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(target, destination, nameof(gradient));
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, target, destination, options, 1).Loss;
    }

    /// <summary>Computes the total loss of many rows with known classes. The rows are contiguous in memory.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <returns>The total loss, and the total weight to divide it by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A label is neither a class nor the ignored label, or an option, the class count or the degree of parallelism is out of range.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The number of scores is not a multiple of the class count, or the number of labels or class weights does not match.
    /// </exception>
    public static CrossEntropyTotal Rows(ReadOnlySpan<float> scores, int classCount,
        ReadOnlySpan<int> labels, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckLabels(scores, classCount, labels, options);
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, labels, [], options, threads);
    }

    /// <summary>Computes the total loss of many rows with known classes, and its gradient with respect to every score.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="labels">The true class of each row.</param>
    /// <param name="gradient">
    /// At least as long as <paramref name="scores"/>; may be exactly the same memory. Receives the gradient of the sum, not of the mean.
    /// </param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <returns>The total loss, and the total weight to divide it (and the gradient) by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A label is neither a class nor the ignored label, or an option, the class count or the degree of parallelism is out of range.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The number of scores is not a multiple of the class count, the number of labels or class weights does not match, or the destination
    /// is too short or overlaps the scores at an offset.
    /// </exception>
    public static CrossEntropyTotal RowsWithGradient(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<int> labels,
        Span<float> gradient, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckLabels(scores, classCount, labels, options);
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(labels, destination, nameof(gradient));
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, labels, destination, options, threads);
    }

    /// <summary>Computes the total loss of many rows against soft targets. The rows are contiguous in memory.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="targets">The target of each class in each row, in the same layout as the scores.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <returns>The total loss, and the total weight to divide it by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option, the class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The number of scores is not a multiple of the class count, or the number of targets or class weights does not match.
    /// </exception>
    public static CrossEntropyTotal SoftTargetRows(ReadOnlySpan<float> scores, int classCount,
        ReadOnlySpan<float> targets, in CrossEntropyOptions options = default, int maxDegreeOfParallelism = 1)
    {
        var threads = Guard.DegreeOfParallelism(maxDegreeOfParallelism);
        CheckTargets(scores, classCount, targets, options);
        return CrossEntropyBatch.Run(RowKernels.Best, scores, classCount, targets, [], options, threads);
    }

    /// <summary>Computes the total loss of many rows against soft targets, and its gradient with respect to every score.</summary>
    /// <param name="scores">The rows, one after the other.</param>
    /// <param name="classCount">The length of a row.</param>
    /// <param name="targets">The target of each class in each row, in the same layout as the scores.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may be exactly the scores' memory, but must not overlap the
    /// targets. Receives the gradient of the sum.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <param name="maxDegreeOfParallelism">The maximum number of threads,
    /// or -1 for all processors. The result does not depend on it.</param>
    /// <returns>The total loss, and the total weight to divide it (and the gradient) by for the mean.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option, the class count or the degree of parallelism is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The number of scores is not a multiple of the class count, the number of targets or class weights does not match, or the destination
    /// is too short or overlaps an input.
    /// </exception>
    public static CrossEntropyTotal SoftTargetRowsWithGradient(ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets,
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
        if (!AreClasses(labels, classCount))
        {
            foreach (var label in labels)
                CheckLabel(label, classCount, options);
        }
    }

    [MethodImpl(Hot.Loop)]
    private static bool AreClasses(ReadOnlySpan<int> labels, int classCount)
    {
        // As an unsigned number, a negative label is too large.
        var largest = Vector<uint>.Zero;
        var i = 0;
        for (; i <= labels.Length - Vector<uint>.Count; i += Vector<uint>.Count)
            largest = Vector.Max(largest, Vector.AsVectorUInt32(new Vector<int>(labels[i..])));
        var areClasses = Vector.LessThanAll(largest, new Vector<uint>((uint)classCount));
        for (; i < labels.Length; i++)
            areClasses &= (uint)labels[i] < (uint)classCount;
        return areClasses;
    }

    private static void CheckTargets(
        ReadOnlySpan<float> scores, int classCount, ReadOnlySpan<float> targets, in CrossEntropyOptions options)
    {
        CheckTarget(scores, targets);
        Guard.RowCount(scores, classCount);
        Guard.Options(options, classCount);
    }

    private static void CheckLabel(int label, int classCount, in CrossEntropyOptions options)
    {
        if (label != options.IgnoredLabel && (uint)label >= (uint)classCount)
            throw new ArgumentOutOfRangeException(
                nameof(label), label, $"The label must be from 0 to {classCount - 1}, one of {classCount} classes, but it is {label}.");
    }

    private static void CheckTarget(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> target, [CallerArgumentExpression(nameof(target))] string? name = null)
    {
        if (target.Length != scores.Length)
            throw new ArgumentException($"There are {target.Length} targets for {scores.Length} scores; give one for each.", name);
    }
}

/// <summary>Options of cross-entropy: label smoothing, class weights and an ignored label. The default uses none of them.</summary>
/// <remarks>Each option works as in PyTorch's <c>torch.nn.functional.cross_entropy</c>.</remarks>
public readonly ref struct CrossEntropyOptions
{
    /// <summary>The share of the target that is spread evenly over all classes, in [0, 1]; 0 for none (Szegedy et al. 2016).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>One finite weight of at least 0 per class, or empty if all are 1.</summary>
    public ReadOnlySpan<float> ClassWeights { get; init; }

    /// <summary>
    /// Rows with this label are ignored: loss 0, weight 0, gradient 0. It need not be a class. Null if every row counts.
    /// </summary>
    public int? IgnoredLabel { get; init; }

    internal float WeightOf(int label) => ClassWeights.IsEmpty ? 1f : ClassWeights[label];
}

/// <summary>The total cross-entropy of many rows.</summary>
/// <param name="Loss">The sum of the rows' losses, in nats.</param>
/// <param name="Weight">
/// The sum of the rows' weights: of the class weights of all labels that are not ignored, or 1 per row for soft targets.
/// </param>
/// <param name="Rows">The number of rows that were not ignored.</param>
public readonly record struct CrossEntropyTotal(double Loss, double Weight, long Rows)
{
    /// <summary>The weighted mean, PyTorch's <c>reduction="mean"</c>; NaN if there is no weight.</summary>
    public double Mean => Loss / Weight;

    private readonly bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"Loss = {Loss}, Weight = {Weight}, Rows = {Rows}");
        return true;
    }

    /// <summary>Adds two totals over different rows.</summary>
    /// <param name="left">The total over some rows.</param>
    /// <param name="right">The total over other rows.</param>
    public static CrossEntropyTotal operator +(CrossEntropyTotal left, CrossEntropyTotal right)
        => new(left.Loss + right.Loss, left.Weight + right.Weight, left.Rows + right.Rows);

    /// <summary>Adds two totals over different rows.</summary>
    /// <param name="left">The total over some rows.</param>
    /// <param name="right">The total over other rows.</param>
    /// <returns>Their sum.</returns>
    public static CrossEntropyTotal Add(CrossEntropyTotal left, CrossEntropyTotal right) => left + right;
}
