using System.Numerics.Tensors;
using MLNet.Softmax.Numerics.Training;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Turns 16 rows into a tile of logits and reports which of them are usable.</summary>
internal sealed class RowTileWriter(int classCount, bool probabilities)
{
    private const int TileRows = RowChunk.TileRows;
    public const float LargestMagnitude = 1e30f;

    private Vector512<float> _widest;

    /// <summary>The largest distance in a usable row between its largest logit and its smallest logit above -1e30.</summary>
    public float WidestRow => LaneMaximum.Of(_widest);

    /// <summary>Whether a row without NaN has a largest score that a fit can use.</summary>
    public static bool HasUsableMaximum(ReadOnlySpan<float> scores) => Math.Abs(TensorPrimitives.Max(scores)) <= LargestMagnitude;

    /// <summary>Writes the tile; lanes beyond <paramref name="rowCount"/> become rows of zeros.</summary>
    /// <param name="chunk">Where the tile is.</param>
    /// <param name="tile">Its place there.</param>
    /// <param name="rows">16 rows, one after the other; those beyond the row count are cleared.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <returns>A bit for each usable row, the first row lowest.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Write(RowChunk chunk, int tile, Span<float> rows, ReadOnlySpan<ushort> labels, int rowCount)
    {
        var target = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
        rows[(rowCount * classCount)..].Clear();
        Matrix.Transpose(rows, target, TileRows, classCount);
        var usable = VectorSupport.IsInterpreted ? OneByOne(target) : InVectors(target);

        var targetLabels = chunk.Labels.AsSpan(tile * TileRows, TileRows);
        var labelScores = chunk.LabelScores.AsSpan(tile * TileRows, TileRows);
        targetLabels.Clear();
        labels[..rowCount].CopyTo(targetLabels);
        for (var row = 0; row < TileRows; row++)
            labelScores[row] = target[targetLabels[row] * TileRows + row];
        return usable & ((1 << rowCount) - 1);
    }

    /// <summary>Turns the scores into logits, and returns a bit for each usable row.</summary>
    internal int InVectors(Span<float> tile) => probabilities ? LogOfProbabilities(tile) : FiniteLogits(tile);

    /// <summary>The same for a browser, where .NET is interpreted and a vector costs more than its elements.</summary>
    internal int OneByOne(Span<float> tile)
    {
        var usable = 0;
        for (var row = 0; row < TileRows; row++)
        {
            if (probabilities ? TryTakeLogarithms(tile[row..]) : TryReplaceMasks(tile[row..]))
                usable |= 1 << row;
        }

        return usable;
    }

    private static bool TryTakeLogarithms(Span<float> row)
    {
        var (largest, arePositive) = (0f, true);
        for (var i = 0; i < row.Length; i += TileRows)
        {
            var p = row[i];
            // False for NaN.
            arePositive &= p >= 0;
            largest = p > largest ? p : largest;
            row[i] = MathF.Log(p > Probabilities.Smallest ? p : Probabilities.Smallest);
        }

        return arePositive && largest is > 0 and <= LargestMagnitude;
    }

    private bool TryReplaceMasks(Span<float> row)
    {
        var (largest, smallest, areFinite) = (float.NegativeInfinity, float.PositiveInfinity, true);
        for (var i = 0; i < row.Length; i += TileRows)
        {
            var z = row[i];
            // False for NaN.
            areFinite &= z <= LargestMagnitude;
            largest = z > largest ? z : largest;
            smallest = z < smallest && z >= -LargestMagnitude ? z : smallest;
        }

        for (var i = 0; i < row.Length; i += TileRows)
            row[i] = row[i] < -LargestMagnitude ? largest + Probabilities.SmallestLogit : row[i];
        if (!areFinite || largest < -LargestMagnitude)
            return false;
        _widest = Vector512.Max(_widest, Vector512.Create(largest - smallest));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int LogOfProbabilities(Span<float> tile)
    {
        var unusable = Vector512<float>.Zero;
        var largest = Vector512<float>.Zero;
        for (var k = 0; k < classCount; k++)
        {
            var p = Vector512.Create<float>(tile.Slice(k * TileRows, TileRows));
            // False for NaN and for negative values alike.
            unusable |= ~Vector512.GreaterThanOrEqual(p, Vector512<float>.Zero);
            largest = Vector512.Max(largest, p);
            Vector512.Max(p, Vector512.Create(Probabilities.Smallest)).CopyTo(tile.Slice(k * TileRows, TileRows));
        }
        unusable |= Vector512.Equals(largest, Vector512<float>.Zero) | Vector512.GreaterThan(largest, Vector512.Create(LargestMagnitude));
        TensorPrimitives.Log(tile, tile);
        return (int)~Vector512.ExtractMostSignificantBits(unusable);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FiniteLogits(Span<float> tile)
    {
        var unusable = Vector512<float>.Zero;
        var largest = Vector512.Create(float.NegativeInfinity);
        var smallest = Vector512.Create(float.PositiveInfinity);
        var anyMasked = Vector512<float>.Zero;
        var lowest = Vector512.Create(-LargestMagnitude);
        for (var k = 0; k < classCount; k++)
        {
            var z = Vector512.Create<float>(tile.Slice(k * TileRows, TileRows));
            var masked = Vector512.LessThan(z, lowest);
            anyMasked |= masked;
            // False for NaN.
            unusable |= ~Vector512.LessThanOrEqual(z, Vector512.Create(LargestMagnitude));
            largest = Vector512.Max(largest, z);
            smallest = Vector512.Min(smallest, Vector512.ConditionalSelect(masked, Vector512.Create(float.PositiveInfinity), z));
        }
        unusable |= Vector512.LessThan(largest, lowest);
        for (var k = 0; k < classCount && anyMasked.AsInt32() != Vector512<int>.Zero; k++)
        {
            var lanes = tile.Slice(k * TileRows, TileRows);
            var z = Vector512.Create<float>(lanes);
            Vector512.ConditionalSelect(
                Vector512.LessThan(z, lowest), largest + Vector512.Create(Probabilities.SmallestLogit), z).CopyTo(lanes);
        }
        _widest = Vector512.Max(_widest, Vector512.ConditionalSelect(unusable, Vector512<float>.Zero, largest - smallest));
        return (int)~Vector512.ExtractMostSignificantBits(unusable);
    }
}
