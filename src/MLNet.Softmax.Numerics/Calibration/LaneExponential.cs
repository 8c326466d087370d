namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>exp(x) of non-positive numbers, a vector at a time.</summary>
internal static class LaneExponential
{
    /// <summary>To about two units in the last place; exactly 0 below -87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfNonPositive(Vector512<float> x)
    {
        // x = n ln 2 + r with |r| <= ln 2 / 2. Adding 1.5 * 2^23 rounds to an integer and leaves n in the low bits.
        var shifter = Vector512.Create(12582912f);
        var inRange = Vector512.GreaterThan(x, Vector512.Create(-87f));
        var shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.44269504f), shifter);
        var n = shifted - shifter;
        var r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(2.12194440e-4f), r);

        // Minimax polynomial of (exp(r) - 1 - r) / r^2 (Cephes, expf).
        var p = Vector512.MultiplyAddEstimate(Vector512.Create(1.9875691500e-4f), r, Vector512.Create(1.3981999507e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(8.3334519073e-3f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(4.1665795894e-2f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1.6666665459e-1f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(5.0000001201e-1f));
        p = Vector512.MultiplyAddEstimate(p, r * r, r) + Vector512<float>.One;

        // Multiply by 2^n by adding n to the exponent's bits.
        var scaled = (p.AsInt32() + (shifted.AsInt32() << 23)).AsSingle();
        return scaled & inRange;
    }

    /// <summary>To about two units in the last place; exactly 0 below -708.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> OfNonPositive(Vector512<double> x)
    {
        var shifter = Vector512.Create(6755399441055744.0);
        var inRange = Vector512.GreaterThan(x, Vector512.Create(-708.0));
        var shifted = Vector512.MultiplyAddEstimate(x, Vector512.Create(1.4426950408889634), shifter);
        var n = shifted - shifter;
        var r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693145751953125), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-1.42860682030941723212e-6), r);

        // Taylor's series to r^12: the next term is below 2e-16.
        var p = Vector512.MultiplyAddEstimate(Vector512.Create(1 / 479001600.0), r, Vector512.Create(1 / 39916800.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 3628800.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 362880.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 40320.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 5040.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 720.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 120.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 24.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(1 / 6.0));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.5));
        p = Vector512.MultiplyAddEstimate(p, r * r, r) + Vector512<double>.One;

        var scaled = (p.AsInt64() + (shifted.AsInt64() << 52)).AsDouble();
        return scaled & inRange;
    }
}

/// <summary>Softmax and cross-entropy of a tile in double precision, eight rows an instruction.</summary>
internal static class TileResidual
{
    private const int TileRows = RowChunk.TileRows;

    /// <summary>Turns scores into weight * (softmax - one-hot) in place and returns the weighted losses, lane by lane.</summary>
    public static Vector512<double> LossAndResidual(Span<double> scores, ReadOnlySpan<ushort> labels, Vector512<float> weights)
    {
        var (lower, upper) = Vector512.Widen(weights);
        return LossAndResidual(scores, labels, lower) + LossAndResidual(scores[8..], labels[8..], upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<double> LossAndResidual(Span<double> scores, ReadOnlySpan<ushort> labels, Vector512<double> weights)
    {
        Span<double> ofLabel = stackalloc double[8];
        for (var row = 0; row < 8; row++)
            ofLabel[row] = scores[labels[row] * TileRows + row];

        var largest = Largest(scores);
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < scores.Length; i += TileRows)
        {
            var e = LaneExponential.OfNonPositive(Lanes(scores, i) - largest);
            sum += e;
            e.CopyTo(scores[i..]);
        }
        var factor = weights / sum;
        for (var i = 0; i < scores.Length; i += TileRows)
            (Lanes(scores, i) * factor).CopyTo(scores[i..]);
        for (var row = 0; row < 8; row++)
            scores[labels[row] * TileRows + row] -= weights[row];
        return weights * (Vector512.Log(sum) + largest - Vector512.Create<double>(ofLabel));
    }

    private static Vector512<double> Largest(ReadOnlySpan<double> scores)
    {
        var largest = Lanes(scores, 0);
        for (var i = TileRows; i < scores.Length; i += TileRows)
            largest = Vector512.Max(largest, Lanes(scores, i));
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Lanes(ReadOnlySpan<double> scores, int index) => Vector512.Create(scores.Slice(index, 8));
}

/// <summary>The largest of 16 lanes.</summary>
internal static class LaneMaximum
{
    public static float Of(Vector512<float> lanes)
    {
        var largest = lanes[0];
        for (var lane = 1; lane < RowChunk.TileRows; lane++)
            largest = Math.Max(largest, lanes[lane]);
        return largest;
    }
}
