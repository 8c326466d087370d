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

    public int TileCapacity => tileCapacity;

    public int TileFloats => TileRows * classCount;

    /// <summary>Tiles in use, the last of them perhaps in part.</summary>
    public int TileCount { get; set; }

    /// <summary>Rows in use; lanes beyond them hold zeros.</summary>
    public int RowCount { get; set; }

    public int RowsInTile(int tile) => Math.Min(TileRows, RowCount - tile * TileRows);

    public float Logit(int row, int label) => Scores[row / TileRows * TileFloats + label * TileRows + row % TileRows];

    public void CopyLogits(int row, Span<float> logits)
    {
        var first = row / TileRows * TileFloats + row % TileRows;
        for (var k = 0; k < logits.Length; k++)
            logits[k] = Scores[first + k * TileRows];
    }
}
