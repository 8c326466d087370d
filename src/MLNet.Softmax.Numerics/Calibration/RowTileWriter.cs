using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Turns 16 rows into a tile of logits and tells which of them are usable.</summary>
internal sealed class RowTileWriter(int classCount, RowScores scores)
{
    private const int TileRows = RowChunk.TileRows;
    private const float LargestMagnitude = 1e30f;

    /// <summary>Writes the tile; lanes beyond <paramref name="rowCount"/> become rows of zeros.</summary>
    /// <returns>A bit for each usable row, the first row lowest.</returns>
    public int Write(RowChunk chunk, int tile, ReadOnlySpan<float> rows, ReadOnlySpan<ushort> labels, int rowCount)
    {
        var target = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
        Transpose(rows, rowCount, target);
        var usable = scores == RowScores.Probabilities ? LogOfProbabilities(target) : FiniteLogits(target);

        var targetLabels = chunk.Labels.AsSpan(tile * TileRows, TileRows);
        var labelScores = chunk.LabelScores.AsSpan(tile * TileRows, TileRows);
        for (var row = 0; row < TileRows; row++)
        {
            targetLabels[row] = row < rowCount ? labels[row] : (ushort)0;
            labelScores[row] = target[targetLabels[row] * TileRows + row];
        }
        return usable & ((1 << rowCount) - 1);
    }

    private void Transpose(ReadOnlySpan<float> rows, int rowCount, Span<float> target)
    {
        for (var k = 0; k < classCount; k++)
        {
            var lanes = target.Slice(k * TileRows, TileRows);
            for (var row = 0; row < lanes.Length; row++)
                lanes[row] = row < rowCount ? rows[row * classCount + k] : 0f;
        }
    }

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

    private int FiniteLogits(Span<float> tile)
    {
        var unusable = Vector512<float>.Zero;
        var largest = Vector512.Create(float.NegativeInfinity);
        var anyInfinite = Vector512<float>.Zero;
        for (var k = 0; k < classCount; k++)
        {
            var z = Vector512.Create<float>(tile.Slice(k * TileRows, TileRows));
            var minusInfinity = Vector512.Equals(z, Vector512.Create(float.NegativeInfinity));
            anyInfinite |= minusInfinity;
            unusable |= ~(minusInfinity | Vector512.LessThanOrEqual(Vector512.Abs(z), Vector512.Create(LargestMagnitude)));
            largest = Vector512.Max(largest, z);
        }
        unusable |= Vector512.Equals(largest, Vector512.Create(float.NegativeInfinity));
        if (anyInfinite.AsInt32() != Vector512<int>.Zero)
            RaiseMinusInfinity(tile, largest - Vector512.Create(ScalingApplication.Abyss));
        return (int)~Vector512.ExtractMostSignificantBits(unusable);
    }

    private void RaiseMinusInfinity(Span<float> tile, Vector512<float> floor)
    {
        for (var k = 0; k < classCount; k++)
        {
            var lanes = tile.Slice(k * TileRows, TileRows);
            var z = Vector512.Create<float>(lanes);
            Vector512.ConditionalSelect(Vector512.Equals(z, Vector512.Create(float.NegativeInfinity)), floor, z).CopyTo(lanes);
        }
    }
}
