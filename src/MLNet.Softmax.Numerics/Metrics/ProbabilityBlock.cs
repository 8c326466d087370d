using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// Rows of class probabilities with their true classes: the input of every metric of this namespace.
/// </summary>
/// <remarks>
/// The constructor checks everything that the metrics rely on. It does not check that each row sums to 1:
/// <see cref="ProbabilityRow.Examine"/> does, and returns what the row contains instead.
/// </remarks>
public readonly ref struct ProbabilityBlock
{
    /// <summary>
    /// A probability, and the sum of a row, may exceed 1 by this much: half precision and weighted votes cause such differences.
    /// </summary>
    public const float Tolerance = 1e-2f;

    /// <summary>Creates a view of rows; nothing is copied.</summary>
    /// <param name="probabilities">
    /// The rows, one after another, with <paramref name="classCount"/> values each: finite and within [0, 1 + <see cref="Tolerance"/>].
    /// </param>
    /// <param name="classCount">The number of classes, at least 1.</param>
    /// <param name="labels">The true class of each row, 0-based.</param>
    /// <param name="weights">The weight of each row, finite and not negative; empty if all are 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">The lengths do not match, or a value is out of its range; the message names the row.</exception>
    public ProbabilityBlock(
        ReadOnlySpan<float> probabilities, int classCount, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        if (probabilities.Length != (long)labels.Length * classCount)
        {
            throw new ArgumentException(
                $"{labels.Length} labels of {classCount} classes need {(long)labels.Length * classCount} probabilities, "
                + $"found {probabilities.Length}.",
                nameof(probabilities));
        }

        if (weights.Length != 0 && weights.Length != labels.Length)
            throw new ArgumentException($"{labels.Length} labels need as many weights, or none, found {weights.Length}.", nameof(weights));

        CheckProbabilities(probabilities, classCount);
        CheckLabels(labels, classCount);
        CheckWeights(weights);
        Probabilities = probabilities;
        ClassCount = classCount;
        Labels = labels;
        Weights = weights;
    }

    /// <summary>The rows, one after another, with <see cref="ClassCount"/> values each.</summary>
    public ReadOnlySpan<float> Probabilities { get; }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The true class of each row, 0-based.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The weight of each row; empty if all are 1.</summary>
    public ReadOnlySpan<float> Weights { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Labels.Length;

    /// <summary>The probabilities of one row.</summary>
    /// <param name="index">The row, from 0 to <see cref="RowCount"/> - 1.</param>
    /// <returns>A view of <see cref="ClassCount"/> values.</returns>
    public ReadOnlySpan<float> Row(int index) => Probabilities.Slice(index * ClassCount, ClassCount);

    /// <summary>Returns the weight of a row.</summary>
    /// <param name="index">The row, from 0 to <see cref="RowCount"/> - 1.</param>
    /// <returns>Its weight; 1 if the block has no weights.</returns>
    public float Weight(int index) => Weights.IsEmpty ? 1 : Weights[index];

    /// <summary>Returns some of the rows as a block of their own.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <returns>A view of the same memory.</returns>
    public ProbabilityBlock Slice(int start, int count) => OfChecked(
        Probabilities.Slice(start * ClassCount, count * ClassCount), ClassCount, Labels.Slice(start, count),
        Weights.IsEmpty ? [] : Weights.Slice(start, count));

    /// <summary>Creates a block of rows that were already checked.</summary>
    internal static ProbabilityBlock OfChecked(
        ReadOnlySpan<float> probabilities, int classCount, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights) =>
        new(classCount, probabilities, labels, weights);

    private ProbabilityBlock(int classCount, ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights)
    {
        ClassCount = classCount;
        Probabilities = probabilities;
        Labels = labels;
        Weights = weights;
    }

    private static void CheckProbabilities(ReadOnlySpan<float> probabilities, int classCount)
    {
        if (FirstOutside(probabilities, 1 + Tolerance) is >= 0 and var index)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {index / classCount}, class {index % classCount}: {probabilities[index]} is not a probability. " +
                $"Expected finite values from 0 to 1; scores become probabilities with Softmax.Rows."), nameof(probabilities));
        }
    }

    private static void CheckLabels(ReadOnlySpan<int> labels, int classCount)
    {
        if (labels.IndexOfAnyExceptInRange(0, classCount - 1) is >= 0 and var index)
        {
            throw new ArgumentException(
                $"Row {index}: label {labels[index]} is not a class. Expected 0 to {classCount - 1}; leave rows without a label out.",
                nameof(labels));
        }
    }

    private static void CheckWeights(ReadOnlySpan<float> weights)
    {
        if (FirstOutside(weights, float.MaxValue) is >= 0 and var index)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Row {index}: {weights[index]} is not a weight. Expected a finite value of at least 0."), nameof(weights));
        }
    }

    /// <summary>The index of the first value that is not from 0 to <paramref name="highest"/>; -1 if there is none.</summary>
    private static int FirstOutside(ReadOnlySpan<float> values, float highest)
    {
        // As unsigned integers, everything negative, infinite or NaN lies above the bits of a positive float. So does -0, which is 0.
        var bits = MemoryMarshal.Cast<float, uint>(values);
        var index = bits.IndexOfAnyExceptInRange(0u, BitConverter.SingleToUInt32Bits(highest));
        while (index >= 0 && index < values.Length && values[index] >= 0 && values[index] <= highest)
            index++;
        return index < values.Length ? index : -1;
    }
}
