namespace MLNet.Softmax.Numerics;

/// <summary>The cross-entropy of many rows, summed.</summary>
/// <param name="Loss">The sum of the rows' losses, in nats.</param>
/// <param name="Weight">The sum of the rows' weights: of the class weight of
/// each label that is not ignored, or of 1 per row for soft targets.</param>
/// <param name="Rows">How many rows were not ignored.</param>
public readonly record struct CrossEntropyTotal(double Loss, double Weight, long Rows)
{
    /// <summary>The weighted mean, PyTorch's <c>reduction="mean"</c>; NaN when no row counted.</summary>
    public double Mean => Loss / Weight;

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
