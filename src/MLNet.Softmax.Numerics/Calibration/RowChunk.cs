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
    public int TileCount => (RowCount + TileRows - 1) / TileRows;

    /// <summary>Rows in use; lanes beyond them hold zeros.</summary>
    public int RowCount { get; set; }

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

/// <summary>One tile of a chunk; as a sequence, it and those after it.</summary>
/// <param name="chunks">The chunks.</param>
/// <param name="stride">1 for every tile of each chunk, more for one in so many.</param>
internal ref struct RowTile(ReadOnlySpan<RowChunk> chunks, int stride)
{
    private readonly ReadOnlySpan<RowChunk> _chunks = chunks;

    public int ChunkIndex { get; private set; }

    /// <summary>The tile's place in its chunk.</summary>
    public int Index { get; private set; } = -stride;

    public readonly RowChunk Chunk => _chunks[ChunkIndex];

    public readonly int FirstRow => Index * RowChunk.TileRows;

    public readonly int RowCount => Math.Min(RowChunk.TileRows, Chunk.RowCount - FirstRow);

    public readonly ReadOnlySpan<float> Scores => Chunk.Scores.AsSpan(Index * Chunk.TileFloats, Chunk.TileFloats);

    public readonly ReadOnlySpan<ushort> Labels => Chunk.Labels.AsSpan(FirstRow, RowChunk.TileRows);

    public readonly RowTile Current => this;

    public readonly RowTile GetEnumerator() => this;

    public bool MoveNext()
    {
        for (Index += stride; ChunkIndex < _chunks.Length; (ChunkIndex, Index) = (ChunkIndex + 1, 0))
        {
            if (Index < Chunk.TileCount)
                return true;
        }
        return false;
    }
}

/// <summary>Each row's log-sum-exp, which taken from its logits leaves log-probabilities; 4 bytes a row.</summary>
internal sealed class RowNormalizers
{
    private const int TileRows = RowChunk.TileRows;
    private readonly float[][] _chunks;

    public RowNormalizers(CalibrationRows rows)
    {
        _chunks = [.. rows.Chunks.ToArray().Select(chunk => new float[chunk.TileCount * TileRows])];
        foreach (var tile in rows.Tiles())
            OfTile(tile.Scores).CopyTo(_chunks[tile.ChunkIndex], tile.FirstRow);
    }

    public Vector512<float> OfTile(RowTile tile) => Vector512.Create(_chunks[tile.ChunkIndex], tile.FirstRow);

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
