using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>Turns 16 rows into a tile of logits and tells which of them are usable.</summary>
internal sealed class RowTileWriter(int classCount, bool probabilities)
{
    private const int TileRows = RowChunk.TileRows;
    private const float LargestMagnitude = 1e30f;

    /// <summary>Writes the tile; lanes beyond <paramref name="rowCount"/> become rows of zeros.</summary>
    /// <returns>A bit for each usable row, the first row lowest.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Write(RowChunk chunk, int tile, ReadOnlySpan<float> rows, ReadOnlySpan<ushort> labels, int rowCount)
    {
        var target = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
        Transpose(rows, rowCount, target);
        var usable = probabilities ? LogOfProbabilities(target) : FiniteLogits(target);

        var targetLabels = chunk.Labels.AsSpan(tile * TileRows, TileRows);
        var labelScores = chunk.LabelScores.AsSpan(tile * TileRows, TileRows);
        targetLabels.Clear();
        labels[..rowCount].CopyTo(targetLabels);
        for (var row = 0; row < TileRows; row++)
            labelScores[row] = target[targetLabels[row] * TileRows + row];
        return usable & ((1 << rowCount) - 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(ReadOnlySpan<float> rows, int rowCount, Span<float> target)
    {
        if (rowCount < TileRows)
            target.Clear();
        ref var lane = ref MemoryMarshal.GetReference(target);
        for (var row = 0; row < rowCount; row++)
        {
            var source = rows.Slice(row * classCount, classCount);
            for (var k = 0; k < source.Length; k++)
                Unsafe.Add(ref lane, k * TileRows + row) = source[k];
        }
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
