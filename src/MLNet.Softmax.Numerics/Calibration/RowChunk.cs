using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A stretch of rows in tiles of 16: within a tile the 16 scores of a class lie side by side, so that one vector
/// instruction works on 16 rows and no sum over classes crosses lanes.
/// </summary>
internal sealed class RowChunk(int classCount, int tileCapacity)
{
    public const int TileRows = 16;

    /// <summary>Tile after tile; score (row, class) of a tile is at <c>class * 16 + row</c>.</summary>
    public float[] Scores { get; } = GC.AllocateUninitializedArray<float>(tileCapacity * TileRows * classCount);

    public ushort[] Labels { get; } = GC.AllocateUninitializedArray<ushort>(tileCapacity * TileRows);

    /// <summary>Each row's score of its own label.</summary>
    public float[] LabelScores { get; } = GC.AllocateUninitializedArray<float>(tileCapacity * TileRows);

    /// <summary>Each row's weight; null while all are 1.</summary>
    public float[]? Weights { get; private set; }

    public int TileCapacity => tileCapacity;

    public int TileFloats => TileRows * classCount;

    /// <summary>Tiles in use, the last of them perhaps in part.</summary>
    public int TileCount { get; set; }

    /// <summary>Rows in use; lanes beyond them hold zeros.</summary>
    public int RowCount { get; set; }

    public int RowsInTile(int tile) => Math.Min(TileRows, RowCount - tile * TileRows);

    public float Weight(int row) => Weights is null ? 1 : Weights[row];

    /// <summary>Sets the weights of a tile's first rows.</summary>
    public void SetWeights(int tile, ReadOnlySpan<float> weights)
    {
        if (Weights is null)
        {
            if (!weights.ContainsAnyExcept(1f))
                return;
            Weights = GC.AllocateUninitializedArray<float>(tileCapacity * TileRows);
            Array.Fill(Weights, 1f);
        }
        weights.CopyTo(Weights.AsSpan(tile * TileRows));
    }

    public float Logit(int row, int label) => Scores[row / TileRows * TileFloats + label * TileRows + row % TileRows];

    public void CopyLogits(int row, Span<float> logits)
    {
        var first = row / TileRows * TileFloats + row % TileRows;
        for (var k = 0; k < logits.Length; k++)
            logits[k] = Scores[first + k * TileRows];
    }
}

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

/// <summary>What a fit must know about its rows before it starts: whether they can decide anything at all.</summary>
/// <param name="AllScoresEqual">In no row does one class score below another.</param>
/// <param name="EveryLabelOnTop">In every row no class scores above the label's.</param>
internal readonly record struct RowCensus(bool AllScoresEqual, bool EveryLabelOnTop)
{
    public static RowCensus Of(CalibrationRows rows)
    {
        bool allEqual = true, everyLabelOnTop = true;
        foreach (var chunk in rows.Chunks)
        {
            for (var tile = 0; tile < chunk.TileCount && (allEqual || everyLabelOnTop); tile++)
            {
                ReadOnlySpan<float> z = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
                var label = Vector512.Create<float>(chunk.LabelScores.AsSpan(tile * RowChunk.TileRows, RowChunk.TileRows));
                var largest = Vector512.Create(z);
                var smallest = largest;
                for (var i = RowChunk.TileRows; i < z.Length; i += RowChunk.TileRows)
                {
                    var next = Vector512.Create(z[i..]);
                    largest = Vector512.Max(largest, next);
                    smallest = Vector512.Min(smallest, next);
                }
                allEqual &= Vector512.EqualsAll(largest, smallest);
                everyLabelOnTop &= Vector512.EqualsAll(largest, label);
            }
        }
        return new RowCensus(allEqual, everyLabelOnTop);
    }
}
