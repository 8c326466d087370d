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
    private readonly double _totalWeight;

    public TemperatureObjective(CalibrationRows rows, RowWeights weights)
    {
        _rows = rows;
        _weights = weights;
        _totalWeight = weights.Total(rows.Chunks);
    }

    public TemperatureLoss Evaluate(double inverseTemperature)
    {
        var chunks = _rows.Chunks;
        var b = Vector512.Create((float)inverseTemperature);
        Vector512<double> loss = default, slope = default, curvature = default;
        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = chunks[c];
            for (var tile = 0; tile < chunk.TileCount; tile++)
            {
                var z = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
                var label = Vector512.Create<float>(chunk.LabelScores.AsSpan(tile * TileRows, TileRows));
                var weight = _weights.OfTile(chunk, c, tile);
                var (l, s, v) = EvaluateTile(z, label, b);
                AddTo(ref loss, l * weight);
                AddTo(ref slope, s * weight);
                AddTo(ref curvature, v * weight);
            }
        }
        return new TemperatureLoss(
            Vector512.Sum(loss) / _totalWeight, Vector512.Sum(slope) / _totalWeight, Vector512.Sum(curvature) / _totalWeight);
    }

    private static (Vector512<float> Loss, Vector512<float> Slope, Vector512<float> Curvature) EvaluateTile(
        ReadOnlySpan<float> z, Vector512<float> label, Vector512<float> b)
    {
        var largest = Vector512.Create(z);
        for (var i = TileRows; i < z.Length; i += TileRows)
            largest = Vector512.MaxNative(largest, Vector512.Create(z[i..]));

        Vector512<float> sum = default, first = default, second = default;
        for (var i = 0; i < z.Length; i += TileRows)
        {
            var below = Vector512.Create(z[i..]) - largest;
            var e = LaneExponential.OfNonPositive(below * b);
            var weighted = e * below;
            sum += e;
            first += weighted;
            second = Vector512.MultiplyAddEstimate(weighted, below, second);
        }
        var labelBelow = label - largest;
        var mean = first / sum;
        return (
            Vector512.Log(sum) - labelBelow * b,
            mean - labelBelow,
            Vector512.MaxNative(second / sum - mean * mean, Vector512<float>.Zero));
    }

    private static void AddTo(ref Vector512<double> total, Vector512<float> values)
    {
        var (lower, upper) = Vector512.Widen(values);
        total += lower + upper;
    }
}
