using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>What each row counts: its own weight times that of its class, or 0 if a fold leaves the row out.</summary>
internal sealed class RowWeights
{
    private readonly float[]? _classWeights;
    private readonly int _folds;
    private readonly int _fold;
    private readonly bool _foldItself;

    private RowWeights(float[]? classWeights, int folds, int fold, bool foldItself) =>
        (_classWeights, _folds, _fold, _foldItself) = (classWeights, folds, fold, foldItself);

    public bool HasClassWeights => _classWeights is not null;

    /// <summary>1 for every tile, more for one tile in so many.</summary>
    public int Stride { get; private init; } = 1;

    public static RowWeights All(float[]? classWeights) => new(classWeights, 0, 0, false);

    /// <summary>
    /// A sample of many rows, one tile in 16, in which a search finds the neighbourhood before it reads all of them; null where
    /// there are too few for that to be of use.
    /// </summary>
    public RowWeights? Sample(CalibrationRows rows) =>
        rows.Count < 1 << 16 ? null : new RowWeights(_classWeights, _folds, _fold, _foldItself) { Stride = 16 };

    /// <summary>The rows outside one of several folds: those to fit.</summary>
    public RowWeights Outside(int fold, int folds) => new(_classWeights, folds, fold, foldItself: false);

    /// <summary>The rows of one fold: those to judge.</summary>
    public RowWeights Inside(int fold, int folds) => new(_classWeights, folds, fold, foldItself: true);

    /// <summary>The weights of a tile's 16 rows.</summary>
    /// <param name="chunk">The tile's chunk.</param>
    /// <param name="chunkIndex">Which chunk it is; the fold of a row depends on it.</param>
    /// <param name="tile">The tile's place in the chunk.</param>
    public Vector512<float> OfTile(RowChunk chunk, int chunkIndex, int tile)
    {
        var rows = chunk.RowsInTile(tile);
        if (_classWeights is null && _folds == 0 && rows == RowChunk.TileRows)
            return chunk.Weights is null ? Vector512<float>.One : Vector512.Create(chunk.Weights, tile * RowChunk.TileRows);

        Span<float> weights = stackalloc float[RowChunk.TileRows];
        weights.Clear();
        var first = tile * RowChunk.TileRows;
        for (var row = 0; row < rows; row++)
        {
            if (_folds > 0 && (FoldOf(chunkIndex, first + row) == _fold) != _foldItself)
                continue;
            weights[row] = OfRow(chunk, first + row);
        }
        return Vector512.Create<float>(weights);
    }

    /// <summary>The weight of one row, whatever its fold.</summary>
    public float OfRow(RowChunk chunk, int row) =>
        _classWeights is null ? chunk.Weight(row) : chunk.Weight(row) * _classWeights[chunk.Labels[row]];

    public double Total(ReadOnlySpan<RowChunk> chunks)
    {
        var total = 0.0;
        for (var c = 0; c < chunks.Length; c++)
        {
            for (var tile = 0; tile < chunks[c].TileCount; tile += Stride)
                total += Vector512.Sum(OfTile(chunks[c], c, tile));
        }
        return total;
    }

    /// <summary>Scattered by a multiplicative hash, so that rows sorted by class still spread over the folds.</summary>
    private int FoldOf(int chunkIndex, int row)
    {
        var hash = ((ulong)(uint)chunkIndex << 32 | (uint)row) * 0x9E3779B97F4A7C15UL;
        return (int)((hash >> 40) % (ulong)_folds);
    }
}
