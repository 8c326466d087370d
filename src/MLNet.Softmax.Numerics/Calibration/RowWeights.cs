using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What each row counts: its own weight times that of its class, or 0 if a fold leaves the row out.</summary>
/// <param name="classWeights">One weight a class; null for all 1.</param>
/// <param name="folds">Into how many folds the rows are divided; 0 for none.</param>
/// <param name="fold">Which fold is meant.</param>
/// <param name="foldItself">True for the rows of the fold, false for those outside.</param>
internal sealed class RowWeights(float[]? classWeights, int folds, int fold, bool foldItself)
{
    public bool HasClassWeights => classWeights is not null;

    /// <summary>1 for every tile, more for one tile in so many.</summary>
    public int Stride { get; private init; } = 1;

    public static RowWeights All(float[]? classWeights) => new(classWeights, 0, 0, false);

    /// <summary>
    /// A sample of many rows, one tile in 16, in which a search finds the neighbourhood before it reads all of them; null where
    /// there are too few for that to be of use.
    /// </summary>
    public RowWeights? Sample(CalibrationRows rows) =>
        rows.Count < 1 << 16 ? null : new RowWeights(classWeights, folds, fold, foldItself) { Stride = 16 };

    /// <summary>The rows outside one of several folds: those to fit.</summary>
    public RowWeights Outside(int fold, int folds) => new(classWeights, folds, fold, foldItself: false);

    /// <summary>The rows of one fold: those to judge.</summary>
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
        foreach (var tile in new RowTile(chunks, Stride))
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
