namespace MLNet.Softmax.Numerics;

/// <summary>What cross-entropy takes into account beside scores and targets. The default is none of it.</summary>
/// <remarks>Each setting means what it means in PyTorch's <c>torch.nn.functional.cross_entropy</c>.</remarks>
public readonly ref struct CrossEntropyOptions
{
    /// <summary>The share of the target that is spread evenly over all classes, in [0, 1]; 0 for none (Szegedy et al. 2016).</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>One finite weight of at least 0 per class, or empty when all are 1.</summary>
    public ReadOnlySpan<float> ClassWeights { get; init; }

    /// <summary>
    /// A label whose rows count for nothing: loss 0, weight 0, gradient 0. It need not be a class. Null when every row counts.
    /// </summary>
    public int? IgnoredLabel { get; init; }

    internal float WeightOf(int label) => ClassWeights.IsEmpty ? 1f : ClassWeights[label];
}
