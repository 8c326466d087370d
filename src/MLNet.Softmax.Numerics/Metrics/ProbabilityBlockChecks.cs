using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>The checks of <see cref="ProbabilityBlock"/>: one vectorised sweep each, and a slow search only for the message.</summary>
internal static class ProbabilityBlockChecks
{
    private const float Highest = 1 + ProbabilityBlock.Tolerance;

    public static void Probabilities(ReadOnlySpan<float> probabilities, int classCount)
    {
        // As unsigned integers, all that is negative, infinite or NaN lies above the bits of a small positive float; so does -0, which the
        // search passes over.
        if (!MemoryMarshal.Cast<float, uint>(probabilities).ContainsAnyExceptInRange(0u, BitConverter.SingleToUInt32Bits(Highest)))
            return;

        var index = 0;
        while (index < probabilities.Length && probabilities[index] is >= 0 and <= Highest)
            index++;
        if (index == probabilities.Length)
            return;
        throw new ArgumentException(
            $"Row {index / classCount}, class {index % classCount}: {probabilities[index]} is not a probability. " +
            "Expected finite values from 0 to 1; scores become probabilities with Softmax.Rows.", nameof(probabilities));
    }

    public static void Labels(ReadOnlySpan<int> labels, int classCount)
    {
        if (labels.IsEmpty || (TensorPrimitives.Min(labels) >= 0 && TensorPrimitives.Max(labels) < classCount))
            return;

        var index = 0;
        while ((uint)labels[index] < (uint)classCount)
            index++;
        throw new ArgumentException(
            $"Row {index}: label {labels[index]} is not a class. Expected 0 to {classCount - 1}; leave rows without a label out.", nameof(labels));
    }

    public static void Weights(ReadOnlySpan<float> weights)
    {
        if (weights.IsEmpty || (TensorPrimitives.Min(weights) >= 0 && TensorPrimitives.Max(weights) <= float.MaxValue))
            return;

        var index = 0;
        while (weights[index] is >= 0 and <= float.MaxValue)
            index++;
        throw new ArgumentException($"Row {index}: {weights[index]} is not a weight. Expected a finite value of at least 0.", nameof(weights));
    }
}
