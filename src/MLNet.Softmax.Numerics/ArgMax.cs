using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics;

/// <summary>Finds the class with the largest score.</summary>
public static class ArgMax
{
    /// <summary>Returns the index of the largest score.</summary>
    /// <param name="scores">One score per class; NaN ranks below -infinity.</param>
    /// <returns>The index; the lowest if several scores tie (-0 equals +0), 0 if every score is NaN, -1 if there are no scores.</returns>
    public static int Compute(ReadOnlySpan<float> scores)
    {
        if (scores.IsEmpty)
            return -1;
        var index = 0;
        var value = 0f;
        RowKernels.Best.TopK(scores, scores.Length, 1, new Span<int>(ref index), new Span<float>(ref value));
        return index;
    }

    /// <summary>Writes 1 for the class with the largest score and 0 for the others: the argmax as a one-hot vector.</summary>
    /// <param name="scores">One score per class; NaN ranks below -infinity, and ties go to the lower index.</param>
    /// <param name="oneHot">At least as long as <paramref name="scores"/>; may be exactly the same memory.</param>
    /// <exception cref="ArgumentException">
    /// The destination is too short, or overlaps the scores without starting at the same address.
    /// </exception>
    public static void OneHot(ReadOnlySpan<float> scores, Span<float> oneHot)
    {
        var destination = Guard.Destination(scores, oneHot);
        var best = Compute(scores);
        destination.Clear();
        if (best >= 0)
            destination[best] = 1f;
    }
}

/// <summary>Finds the largest score.</summary>
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
