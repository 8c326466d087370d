using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>The mean negative log-likelihood as a function of b = 1/T, with its first two derivatives in b.</summary>
internal readonly record struct TemperatureLoss(double Value, double Slope, double Curvature);

/// <summary>
/// One pass over the rows per evaluation. With p = softmax(b z): loss = logsumexp(b z) - b z_y, slope = E_p[z] - z_y,
/// curvature = Var_p[z]. The loss is convex in b.
/// </summary>
internal sealed class TemperatureObjective
{
    private const int TileRows = RowChunk.TileRows;
    private readonly CalibrationRows _rows;
    private readonly RowWeights _weights;

    public TemperatureObjective(CalibrationRows rows, RowWeights weights)
    {
        _rows = rows;
        _weights = weights;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TemperatureLoss Evaluate(double inverseTemperature)
    {
        var chunks = _rows.Chunks;
        var b = Vector512.Create((float)inverseTemperature);
        Vector512<double> loss = default, slope = default, curvature = default, total = default;
        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = chunks[c];
            for (var tile = 0; tile < chunk.TileCount; tile += _weights.Stride)
            {
                var weight = _weights.OfTile(chunk, c, tile);
                EvaluateTile(chunk, tile, b, out var l, out var s, out var v);
                AddTo(ref loss, l * weight);
                AddTo(ref slope, s * weight);
                AddTo(ref curvature, v * weight);
                AddTo(ref total, weight);
            }
        }
        var sum = Vector512.Sum(total);
        return new TemperatureLoss(Vector512.Sum(loss) / sum, Vector512.Sum(slope) / sum, Vector512.Sum(curvature) / sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EvaluateTile(
        RowChunk chunk, int tile, Vector512<float> b, out Vector512<float> loss, out Vector512<float> slope, out Vector512<float> curvature)
    {
        // The chunk holds whole tiles: no index below passes its end.
        ref var z = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(chunk.Scores), tile * chunk.TileFloats);
        var end = (nuint)chunk.TileFloats;
        var largest = Vector512.LoadUnsafe(ref z);
        for (nuint i = TileRows; i < end; i += TileRows)
            largest = Vector512.MaxNative(largest, Vector512.LoadUnsafe(ref z, i));

        Vector512<float> sum = default, first = default, second = default;
        for (nuint i = 0; i < end; i += TileRows)
        {
            var below = Vector512.LoadUnsafe(ref z, i) - largest;
            var e = LaneExponential.OfNonPositive(below * b);
            var weighted = e * below;
            sum += e;
            first += weighted;
            second = Vector512.MultiplyAddEstimate(weighted, below, second);
        }
        var labelBelow = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(chunk.LabelScores), (nuint)(tile * TileRows)) - largest;
        var mean = first / sum;
        loss = Vector512.Log(sum) - labelBelow * b;
        slope = mean - labelBelow;
        curvature = Vector512.MaxNative(second / sum - mean * mean, Vector512<float>.Zero);
    }

    private static void AddTo(ref Vector512<double> total, Vector512<float> values)
    {
        var (lower, upper) = Vector512.Widen(values);
        total += lower + upper;
    }
}
