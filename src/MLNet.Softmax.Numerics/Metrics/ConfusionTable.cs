namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>A finished confusion matrix: how much weight of each true class was given each class. Cannot be changed.</summary>
public sealed class ConfusionTable
{
    private readonly double[] _weights;

    internal ConfusionTable(int classCount, double[] weights)
    {
        ClassCount = classCount;
        _weights = weights;
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The weight of the rows of a true class that were given a class; the number of rows where there are no weights.</summary>
    /// <param name="label">The true class, 0-based.</param>
    /// <param name="predicted">The most probable class, 0-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int label, int predicted]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)ClassCount, nameof(predicted));
            return Row(label)[predicted];
        }
    }

    /// <summary>One true class: the weight that was given to each class.</summary>
    /// <param name="label">The true class, 0-based.</param>
    /// <returns>A view of <see cref="ClassCount"/> values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public ReadOnlySpan<double> Row(int label)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)label, (uint)ClassCount, nameof(label));
        return _weights.AsSpan(label * ClassCount, ClassCount);
    }
}
