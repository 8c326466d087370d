namespace MLNet.Softmax.Numerics;

/// <summary>Converts probabilities to scores.</summary>
public static class Probabilities
{
    /// <summary>The smallest probability that is distinguished from 0: the smallest normal float, 2^-126.</summary>
    public const float Smallest = 1.17549435e-38f;

    /// <summary>The natural logarithm of <see cref="Smallest"/>: the logit that an impossible class counts with.</summary>
    public const float SmallestLogit = -87.33655f;

    /// <summary>Writes ln(max(p, <see cref="Smallest"/>)): logits whose softmax is <paramref name="probabilities"/>.</summary>
    /// <param name="probabilities">
    /// Values in [0, 1]. NaN stays NaN; a value below <see cref="Smallest"/>, even a negative one, counts as the smallest.
    /// </param>
    /// <param name="logits">
    /// At least as long as <paramref name="probabilities"/>; may be exactly the same memory. Receives values of at least
    /// <see cref="SmallestLogit"/>.
    /// </param>
    /// <exception cref="ArgumentException">The destination is too short, or
    /// overlaps the probabilities without starting at the same address.</exception>
    public static void ToLogits(ReadOnlySpan<float> probabilities, Span<float> logits)
    {
        var destination = Guard.Destination(probabilities, logits);
        for (var i = 0; i < probabilities.Length; i++)
            destination[i] = MathF.Log(MathF.Max(probabilities[i], Smallest));
    }
}
