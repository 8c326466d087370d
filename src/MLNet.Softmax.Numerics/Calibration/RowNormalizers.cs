using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Each row's log-sum-exp, which taken from its logits leaves log-probabilities; 4 bytes a row.</summary>
internal sealed class RowNormalizers
{
    private const int TileRows = RowChunk.TileRows;
    private readonly float[][] _chunks;

    public RowNormalizers(CalibrationRows rows)
    {
        var chunks = rows.Chunks;
        _chunks = new float[chunks.Length][];
        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = chunks[c];
            _chunks[c] = new float[chunk.TileCount * TileRows];
            for (var tile = 0; tile < chunk.TileCount; tile++)
                OfTile(chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats)).CopyTo(_chunks[c], tile * TileRows);
        }
    }

    public Vector512<float> OfTile(int chunk, int tile) => Vector512.Create(_chunks[chunk], tile * TileRows);

    private static Vector512<float> OfTile(ReadOnlySpan<float> z)
    {
        var largest = Vector512.Create(z);
        for (var i = TileRows; i < z.Length; i += TileRows)
            largest = Vector512.Max(largest, Vector512.Create(z[i..]));
        var sum = Vector512<float>.Zero;
        for (var i = 0; i < z.Length; i += TileRows)
            sum += LaneExponential.OfNonPositive(Vector512.Create(z[i..]) - largest);
        return Vector512.Log(sum) + largest;
    }
}
