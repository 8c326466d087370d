using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>
/// Softmax and cross-entropy as one stable operation: the loss -ln p of the target, and its gradient p - y in the scores.
/// </summary>
/// <remarks>
/// Scores are logits, never probabilities. The loss is in nats, at least 0 for targets that are a distribution. NaN or +infinity among the
/// scores gives a loss of NaN and a gradient of NaN. A target class whose score is -infinity costs +infinity; a class with target 0 costs
/// nothing, whatever its score (0 ln 0 = 0). With weights w and smoothing s over K classes, a label y means the targets
/// (1 - s) w[y] at y plus s w[c] / K at every class c, and soft targets t mean w[c] ((1 - s) t[c] + s / K), as in PyTorch.
/// </remarks>
public static partial class CrossEntropy
{
    /// <summary>Computes the loss of one row whose class is known.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="label">The index of the true class.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <returns>The loss in nats, not divided by any weight; 0 when the label is the ignored one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label is no class
    /// and not the ignored one, or an option is out of range.</exception>
    /// <exception cref="ArgumentException">The number of class weights differs from that of the scores.</exception>
    public static float Loss(ReadOnlySpan<float> scores, int label, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        CheckLabel(label, scores.Length, options);
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, [label], [], options, 1).Loss;
    }

    /// <summary>Computes the loss of one row whose class is known, and its gradient in the scores.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="label">The index of the true class.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may be
    /// the same memory, exactly. All 0 when the label is the ignored one.</param>
    /// <param name="options">Label smoothing, class weights, ignored label.</param>
    /// <returns>The loss in nats, not divided by any weight; 0 when the label is the ignored one.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The label is no class
    /// and not the ignored one, or an option is out of range.</exception>
    /// <exception cref="ArgumentException">The number of class weights differs from that of the scores, or the destination is too short or
    /// overlaps them at an offset.</exception>
    public static float LossAndGradient(
        ReadOnlySpan<float> scores, int label, Span<float> gradient, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        var destination = Guard.Destination(scores, gradient);
        CheckLabel(label, scores.Length, options);
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, [label], destination, options, 1).Loss;
    }

    /// <summary>Computes the loss of one row against a distribution over the classes.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="target">The target of each class, as many as scores; usually at least 0 and summing to 1, which is not checked.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <returns>The loss in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The number of targets or of class weights differs from that of the scores.</exception>
    public static float Loss(ReadOnlySpan<float> scores, ReadOnlySpan<float> target, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        CheckTarget(scores, target);
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, target, [], options, 1).Loss;
    }

    /// <summary>Computes the loss of one row against a distribution over the classes, and its gradient in the scores.</summary>
    /// <param name="scores">One score per class.</param>
    /// <param name="target">The target of each class, as many as scores; usually at least 0 and summing to 1, which is not checked.</param>
    /// <param name="gradient">At least as long as <paramref name="scores"/>; may
    /// be the scores' memory, exactly, but must not overlap the target.</param>
    /// <param name="options">Label smoothing and class weights.</param>
    /// <returns>The loss in nats.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The number of targets or of class weights differs from that of the scores, or the destination is
    /// too short or overlaps an input.</exception>
    public static float LossAndGradient(
        ReadOnlySpan<float> scores, ReadOnlySpan<float> target, Span<float> gradient, in CrossEntropyOptions options = default)
    {
        Guard.Options(options, scores.Length);
        CheckTarget(scores, target);
        var destination = Guard.Destination(scores, gradient);
        Guard.NoOverlap(target, destination, nameof(gradient));
        return (float)CrossEntropyBatch.Run(RowKernels.Best, scores, scores.Length, target, destination, options, 1).Loss;
    }

    private static void CheckLabel(int label, int classCount, in CrossEntropyOptions options)
    {
        if (label != options.IgnoredLabel && (uint)label >= (uint)classCount)
            throw new ArgumentOutOfRangeException(
                nameof(label), label, $"The label must be from 0 to {classCount - 1}, one of {classCount} classes, but it is {label}.");
    }

    private static void CheckTarget(ReadOnlySpan<float> scores, ReadOnlySpan<float> target)
    {
        if (target.Length != scores.Length)
            throw new ArgumentException(
                $"There are {target.Length} targets for {scores.Length} scores; give one for each.", nameof(target));
    }
}
