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

    /// <summary>The score of each row's true class.</summary>
    public float[] LabelScores { get; } = GC.AllocateUninitializedArray<float>(tileCapacity * TileRows);

    /// <summary>Each row's weight; null while all are 1.</summary>
    public float[]? Weights { get; private set; }

    public int TileCapacity => tileCapacity;

    public int TileFloats => TileRows * classCount;

    /// <summary>Tiles in use; the last one may be partly filled.</summary>
    public int TileCount => (RowCount + TileRows - 1) / TileRows;

    /// <summary>Rows in use; lanes beyond them hold zeros.</summary>
    public int RowCount { get; set; }

    public float Weight(int row) => Weights is null ? 1 : Weights[row];

    /// <summary>Sets the weights of a tile's first rows.</summary>
    public void SetWeights(int tile, ReadOnlySpan<float> weights)
    {
        if (Weights is not null || weights.ContainsAnyExcept(1f))
            weights.CopyTo(WritableWeights().AsSpan(tile * TileRows));
    }

    /// <summary>Excludes a row from every fit: its scores become zeros and its weight 0.</summary>
    public void RuleOut(int row)
    {
        WritableWeights()[row] = 0;
        LabelScores[row] = 0;
        var lanes = Lanes(row);
        for (var i = 0; i < lanes.Length; i += TileRows)
            lanes[i] = 0;
    }

    public float Logit(int row, int label) => Scores[row / TileRows * TileFloats + label * TileRows + row % TileRows];

    public void CopyLogits(int row, Span<float> logits)
    {
        var lanes = Lanes(row);
        for (var k = 0; k < logits.Length; k++)
            logits[k] = lanes[k * TileRows];
    }

    /// <summary>A row's logits, starting at the first of them: they are at 0, 16, 32, ...</summary>
    public Span<float> Lanes(int row) =>
        Scores.AsSpan(row / TileRows * TileFloats + row % TileRows, TileFloats - TileRows + 1);

    private float[] WritableWeights()
    {
        if (Weights is null)
        {
            Weights = GC.AllocateUninitializedArray<float>(tileCapacity * TileRows);
            Array.Fill(Weights, 1f);
        }
        return Weights;
    }
}

/// <summary>One tile of a chunk.</summary>
/// <param name="chunk">The chunk.</param>
/// <param name="chunkIndex">Which chunk it is; the fold of a row depends on it.</param>
/// <param name="index">The tile's place in the chunk.</param>
internal readonly struct RowTile(RowChunk chunk, int chunkIndex, int index)
{
    public RowChunk Chunk => chunk;

    public int ChunkIndex => chunkIndex;

    public int Index => index;

    public int FirstRow => index * RowChunk.TileRows;

    public int RowCount => Math.Min(RowChunk.TileRows, chunk.RowCount - FirstRow);

    public ReadOnlySpan<float> Scores => chunk.Scores.AsSpan(index * chunk.TileFloats, chunk.TileFloats);

    public ReadOnlySpan<ushort> Labels => chunk.Labels.AsSpan(FirstRow, RowChunk.TileRows);
}

/// <summary>Every tile or, with a stride above 1, every stride-th tile of each chunk.</summary>
internal ref struct RowTiles(ReadOnlySpan<RowChunk> chunks, int stride)
{
    private readonly ReadOnlySpan<RowChunk> _chunks = chunks;
    private int _chunk;
    private int _tile = -stride;

    public readonly RowTile Current => new(_chunks[_chunk], _chunk, _tile);

    public readonly RowTiles GetEnumerator() => this;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        for (_tile += stride; _chunk < _chunks.Length; (_chunk, _tile) = (_chunk + 1, 0))
        {
            if (_tile < _chunks[_chunk].TileCount)
                return true;
        }
        return false;
    }
}

/// <summary>Each row's log-sum-exp; subtracting it from the logits gives log-probabilities. 4 bytes per row.</summary>
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

/// <summary>The weight of each row: its own weight times that of its class, or 0 if a fold leaves the row out.</summary>
/// <param name="classWeights">One weight per class; null for all 1.</param>
/// <param name="folds">The number of folds; 0 for none.</param>
/// <param name="fold">The index of the fold.</param>
/// <param name="foldItself">True for the rows of the fold, false for those outside.</param>
internal sealed class RowWeights(float[]? classWeights, int folds, int fold, bool foldItself)
{
    public bool HasClassWeights => classWeights is not null;

    /// <summary>1 for every tile, n for every n-th tile.</summary>
    public int Stride { get; private init; } = 1;

    public static RowWeights All(float[]? classWeights) => new(classWeights, 0, 0, false);

    /// <summary>
    /// A sample of one tile in 16. A search uses it to come close to the minimum before it reads all rows. Null if there are too few rows
    /// for that to help.
    /// </summary>
    public RowWeights? Sample(CalibrationRows rows) =>
        rows.Count < 1 << 15 ? null : new RowWeights(classWeights, folds, fold, foldItself) { Stride = 16 };

    /// <summary>The rows outside one of several folds: those to fit on.</summary>
    public RowWeights Outside(int fold, int folds) => new(classWeights, folds, fold, foldItself: false);

    /// <summary>The rows of one fold: those to evaluate on.</summary>
    public RowWeights Inside(int fold, int folds) => new(classWeights, folds, fold, foldItself: true);

    /// <summary>The weights of a tile's 16 rows.</summary>
    public Vector512<float> OfTile(RowTile tile)
    {
        var (chunk, first, rows) = (tile.Chunk, tile.FirstRow, tile.RowCount);
        if (classWeights is null && folds == 0 && rows == RowChunk.TileRows)
            return chunk.Weights is null ? Vector512<float>.One : Vector512.Create(chunk.Weights, first);

        Span<float> weights = stackalloc float[RowChunk.TileRows];
        weights.Clear();
        for (var row = first; row < first + rows; row++)
        {
            if (folds == 0 || (FoldOf(tile.ChunkIndex, row) == fold) == foldItself)
                weights[row - first] = OfRow(chunk, row);
        }
        return Vector512.Create<float>(weights);
    }

    /// <summary>The weight of one row, whatever its fold.</summary>
    public float OfRow(RowChunk chunk, int row) =>
        classWeights is null ? chunk.Weight(row) : chunk.Weight(row) * classWeights[chunk.Labels[row]];

    public double Total(ReadOnlySpan<RowChunk> chunks)
    {
        var total = 0.0;
        foreach (var tile in new RowTiles(chunks, Stride))
            total += Vector512.Sum(OfTile(tile));
        return total;
    }

    /// <summary>Scattered by a multiplicative hash, so that rows sorted by class still spread over the folds.</summary>
    private int FoldOf(int chunkIndex, int row)
    {
        var hash = ((ulong)(uint)chunkIndex << 32 | (uint)row) * 0x9E3779B97F4A7C15UL;
        return (int)((hash >> 40) % (ulong)folds);
    }
}
