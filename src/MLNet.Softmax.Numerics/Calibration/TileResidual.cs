using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

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
