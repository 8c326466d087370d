using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Metrics;

/// <summary>
/// The slots of a <see cref="BinTable"/> that probabilities fall into, eight at a time, exact on the edges of the bins: slot b + 1 is bin
/// b, slot 0 a probability of 0, the last slot one of 1 or, by rounding, a little more.
/// </summary>
internal static class BinSlots
{
    public static int Of(float probability, BinLayout layout)
    {
        // Exact: a float times a count this small has no more digits than a double holds.
        var position = (double)Math.Min(probability, 1f) * layout.Count;
        return layout.Convention == BinConvention.UpperInclusive ? (int)Math.Ceiling(position) : (int)position + 1;
    }

    /// <summary>The slots of many probabilities, in any arrangement.</summary>
    public static void Compute(ReadOnlySpan<float> probabilities, BinLayout layout, Span<int> slots)
    {
        var upperInclusive = layout.Convention == BinConvention.UpperInclusive;
        var scale = Vector256.Create((float)layout.Count);
        var index = 0;
        for (; index <= probabilities.Length - RowLanes.Width; index += RowLanes.Width)
        {
            var values = Vector256.MinNative(RowLanes.Load(probabilities, index), Vector256<float>.One);
            (upperInclusive ? Ceiling(values, scale) : FloorPlusOne(values, scale)).CopyTo(slots[index..]);
        }

        for (; index < probabilities.Length; index++)
            slots[index] = Of(probabilities[index], layout);
    }

    private static Vector256<int> Ceiling(Vector256<float> values, Vector256<float> scale)
    {
        var position = values * scale;
        var rounded = Vector256.Ceiling(position);
        // Where the product was rounded down to a whole number, what it lost lifts it into the next bin.
        var lost = Vector256.FusedMultiplyAdd(values, scale, -position);
        var lifted = Vector256.Equals(rounded, position) & Vector256.GreaterThan(lost, Vector256<float>.Zero);
        return Vector256.ConvertToInt32(rounded) - lifted.AsInt32();
    }

    private static Vector256<int> FloorPlusOne(Vector256<float> values, Vector256<float> scale)
    {
        var position = values * scale;
        var rounded = Vector256.Floor(position);
        var lost = Vector256.FusedMultiplyAdd(values, scale, -position);
        var lowered = Vector256.Equals(rounded, position) & Vector256.LessThan(lost, Vector256<float>.Zero);
        return Vector256.ConvertToInt32(rounded) + Vector256<int>.One + lowered.AsInt32();
    }
}
