using System.Runtime.InteropServices;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One class's column of probabilities at a time, sorted and fitted against "is it this class?". 32 bytes per row, and 4 more with weights.
/// </summary>
internal sealed class IsotonicColumns
{
    private readonly CalibrationRows _rows;
    private readonly RowNormalizers _normalizers;
    private readonly float[] _weights;
    private readonly ulong[] _keys;
    private readonly ulong[] _scratch;

    // Of each row, the sum of the calibrated values so far and the value of its label.
    private readonly double[] _sums;
    private readonly float[] _ofLabels;

    public IsotonicColumns(CalibrationRows rows, RowWeights weights)
    {
        (_rows, _normalizers) = (rows, new RowNormalizers(rows));
        var count = checked((int)rows.KeptRows);
        (_keys, _scratch, _sums, _ofLabels) = (new ulong[count], new ulong[count], new double[count], new float[count]);
        _weights = weights.HasClassWeights || rows.HasWeights ? new float[count] : [];
        var next = 0;
        foreach (var chunk in rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount && _weights.Length > 0; row++)
                _weights[next++] = weights.OfRow(chunk, row);
        }
    }

    /// <summary>Fits the curve of a class and stores the calibrated value of each row.</summary>
    public IsotonicCurve FitClass(int label)
    {
        Fill(label);
        var sorted = ProbabilitySort.Sort(_keys, _scratch);
        var blocks = CollectionsMarshal.AsSpan(PoolAdjacentViolators.Fit(sorted, _weights));
        Calibrate(sorted, blocks, label);
        return PoolAdjacentViolators.ToCurve(blocks);
    }

    /// <summary>The mean losses before and after the curves of all classes.</summary>
    public (double Before, double After) Loss()
    {
        double before = 0, after = 0, total = 0;
        var next = 0;
        foreach (var tile in _rows.Tiles())
        {
            var normalizers = _normalizers.OfTile(tile);
            for (var row = 0; row < tile.RowCount; row++, next++)
            {
                var weight = _weights.Length == 0 ? 1 : (double)_weights[next];
                if (weight == 0)
                    continue;
                before += weight * (normalizers[row] - tile.Chunk.LabelScores[tile.FirstRow + row]);
                after -= weight * Math.Log(_sums[next] == 0 ? 1.0 / _rows.ClassCount : _ofLabels[next] / _sums[next]);
                total += weight;
            }
        }
        return (before / total, after / total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int label)
    {
        var next = 0;
        Span<float> probabilities = stackalloc float[RowChunk.TileRows];
        foreach (var tile in _rows.Tiles())
        {
            var logits = Vector512.Create(tile.Scores.Slice(label * RowChunk.TileRows, RowChunk.TileRows));
            var belowOne = Vector512.Min(logits - _normalizers.OfTile(tile), Vector512<float>.Zero);
            LaneExponential.OfNonPositive(belowOne).CopyTo(probabilities);
            var labels = tile.Labels;
            for (var row = 0; row < tile.RowCount; row++, next++)
                _keys[next] = IsotonicKey.Of(probabilities[row], next, labels[row] == label);
        }
    }

    /// <summary>Every row with a weight above 0 is within a block, and there the curve is flat.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Calibrate(ReadOnlySpan<ulong> sorted, ReadOnlySpan<IsotonicBlock> blocks, int label)
    {
        // In the order of the probabilities, rows are far apart in memory. So only four bytes of each are written, and the sums are
        // updated in the order of the rows.
        var values = MemoryMarshal.Cast<ulong, float>((sorted.Overlaps(_keys) ? _scratch : _keys).AsSpan());
        var (block, last, value) = (-1, float.NegativeInfinity, 0f);
        foreach (var key in sorted)
        {
            while (last < IsotonicKey.Input(key) && block < blocks.Length - 1)
            {
                block++;
                (last, value) = (blocks[block].Last, (float)blocks[block].Mean);
            }
            values[IsotonicKey.Row(key)] = value;
        }

        var next = 0;
        foreach (var tile in _rows.Tiles())
        {
            var labels = tile.Labels;
            var sums = _sums.AsSpan(next, tile.RowCount);
            var calibrated = values.Slice(next, tile.RowCount);
            for (var row = 0; row < sums.Length; row++)
            {
                sums[row] += calibrated[row];
                if (labels[row] == label)
                    _ofLabels[next + row] = calibrated[row];
            }

            next += sums.Length;
        }
    }
}

/// <summary>
/// A probability with the number of its row and whether the row is of the class, as <see cref="ProbabilitySort"/> sorts it.
/// </summary>
internal static class IsotonicKey
{
    private const uint LabelFlag = 0x8000_0000;

    public static ulong Of(float probability, int row, bool isLabel) =>
        ProbabilitySort.Key(probability, (uint)row | (uint)Unsafe.BitCast<bool, byte>(isLabel) << 31);

    public static float Input(ulong key) => BitConverter.UInt32BitsToSingle((uint)(key >> 32));

    public static int Row(ulong key) => (int)(ProbabilitySort.Carried(key) & ~LabelFlag);

    public static bool IsLabel(ulong key) => (ProbabilitySort.Carried(key) & LabelFlag) != 0;
}

/// <summary>Neighbouring points that share a value.</summary>
/// <param name="First">The lowest input.</param>
/// <param name="Last">The highest input.</param>
/// <param name="Sum">The sum of the targets.</param>
/// <param name="Weight">The sum of the weights, above 0.</param>
internal readonly record struct IsotonicBlock(float First, float Last, double Sum, double Weight)
{
    public double Mean => Sum / Weight;
}

/// <summary>
/// The non-decreasing step function of least weighted squared error, by pooling neighbours that are out of order
/// (M. Ayer et al., 1955): linear time on sorted points.
/// </summary>
internal static class PoolAdjacentViolators
{
    /// <summary>
    /// Fits whether a row is of the class against its probability; rows of equal probability count as one with their mean.
    /// </summary>
    /// <param name="sorted">The keys of the rows, by rising probability.</param>
    /// <param name="weights">The weight of each row, by its number; empty for all 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static List<IsotonicBlock> Fit(ReadOnlySpan<ulong> sorted, ReadOnlySpan<float> weights)
    {
        var blocks = new List<IsotonicBlock>();
        for (var i = 0; i < sorted.Length;)
        {
            var input = IsotonicKey.Input(sorted[i]);
            double sum = 0, total = 0;
            for (; i < sorted.Length && IsotonicKey.Input(sorted[i]) == input; i++)
            {
                var weight = weights.IsEmpty ? 1 : (double)weights[IsotonicKey.Row(sorted[i])];
                sum += IsotonicKey.IsLabel(sorted[i]) ? weight : 0;
                total += weight;
            }
            if (total == 0)
                continue;
            var block = new IsotonicBlock(input, input, sum, total);
            while (blocks.Count > 0 && blocks[^1] is var before && before.Sum * block.Weight >= block.Sum * before.Weight)
            {
                block = new IsotonicBlock(before.First, block.Last, before.Sum + block.Sum, before.Weight + block.Weight);
                blocks.RemoveAt(blocks.Count - 1);
            }
            blocks.Add(block);
        }
        return blocks;
    }

    /// <summary>A knot at either end of each block: flat within a block, linear between two.</summary>
    public static IsotonicCurve ToCurve(ReadOnlySpan<IsotonicBlock> blocks)
    {
        var inputs = new List<float>(2 * blocks.Length);
        var outputs = new List<float>(2 * blocks.Length);
        foreach (var block in blocks)
        {
            inputs.Add(block.First);
            outputs.Add((float)block.Mean);
            if (block.Last > block.First)
            {
                inputs.Add(block.Last);
                outputs.Add((float)block.Mean);
            }
        }
        return new IsotonicCurve([.. inputs], [.. outputs]);
    }
}
