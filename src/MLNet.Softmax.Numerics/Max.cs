namespace MLNet.Softmax.Numerics;

/// <summary>The largest score: how much, without which or how sure.</summary>
public static class Max
{
    /// <summary>Returns the largest score, which is the score at <see cref="ArgMax.Compute"/>.</summary>
    /// <param name="scores">One score per class; NaN ranks below -infinity.</param>
    /// <returns>The largest score; NaN when every score is NaN, -infinity when there are none.</returns>
    public static float Compute(ReadOnlySpan<float> scores)
    {
        var best = ArgMax.Compute(scores);
        return best < 0 ? float.NegativeInfinity : scores[best];
    }
}
