using System.Runtime.InteropServices;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// One class's column of probabilities at a time, sorted and fitted against "is it this class?". 25 bytes a row, and 10 more with weights.
/// </summary>
internal sealed class IsotonicColumns
{
    private readonly CalibrationRows _rows;
    private readonly float[] _logits;
    private readonly float[] _logSumExp;
    private readonly float[] _inputs;
    private readonly byte[] _targets;
    private readonly ulong[] _keys;
    private readonly ulong[] _scratch;
    private readonly float[] _rowWeights;
    private readonly ushort[] _rowLabels;
    private readonly float[] _sortedWeights;

    public IsotonicColumns(CalibrationRows rows, RowWeights weights)
    {
        _rows = rows;
        _logits = new float[rows.ClassCount];
        _logSumExp = new float[rows.Count];
        _inputs = new float[rows.Count];
        _targets = new byte[rows.Count];
        _keys = new ulong[rows.Count];
        _scratch = new ulong[rows.Count];
        var weighted = weights.HasClassWeights || rows.HasWeights;
        _rowWeights = weighted ? new float[rows.Count] : [];
        _rowLabels = weighted ? new ushort[rows.Count] : [];
        _sortedWeights = weighted ? new float[rows.Count] : [];
        var next = 0;
        foreach (var chunk in rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                chunk.CopyLogits(row, _logits);
                if (weighted)
                    (_rowWeights[next], _rowLabels[next]) = (weights.OfRow(chunk, row), chunk.Labels[row]);
                _logSumExp[next++] = LogSumExp.Compute(_logits);
            }
        }
    }

    private bool IsWeighted => _rowWeights.Length > 0;

    public IsotonicCurve FitClass(int label)
    {
        var next = 0;
        foreach (var chunk in _rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                var carried = IsWeighted ? (uint)next : chunk.Labels[row];
                _keys[next] = ProbabilitySort.Key(MathF.Exp(chunk.Logit(row, label) - _logSumExp[next]), carried);
                next++;
            }
        }

        var sorted = ProbabilitySort.Sort(_keys, _scratch);
        for (var i = 0; i < sorted.Length; i++)
        {
            var carried = ProbabilitySort.Carried(sorted[i]);
            _inputs[i] = BitConverter.UInt32BitsToSingle((uint)(sorted[i] >> 32));
            _targets[i] = (IsWeighted ? _rowLabels[carried] : carried) == label ? (byte)1 : (byte)0;
            if (IsWeighted)
                _sortedWeights[i] = _rowWeights[carried];
        }
        return PoolAdjacentViolators.Fit(_inputs, _targets, _sortedWeights);
    }

    public (double Before, double After) Loss(ReadOnlySpan<IsotonicCurve> curves)
    {
        double before = 0, after = 0, total = 0;
        var calibrated = new float[_rows.ClassCount];
        var probabilities = new float[_rows.ClassCount];
        var next = 0;
        foreach (var chunk in _rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++, next++)
            {
                var label = chunk.Labels[row];
                var weight = IsWeighted ? (double)_rowWeights[next] : 1;
                if (weight == 0)
                    continue;
                chunk.CopyLogits(row, _logits);
                Softmax.Compute(_logits, probabilities);
                IsotonicCalibration.Apply(probabilities, curves, calibrated);
                before += weight * (_logSumExp[next] - _logits[label]);
                after -= weight * Math.Log(calibrated[label]);
                total += weight;
            }
        }
        return (before / total, after / total);
    }
}

/// <summary>
/// The non-decreasing step function of least weighted squared error, by pooling neighbours that are out of order
/// (M. Ayer et al., 1955): linear time on sorted points.
/// </summary>
internal static class PoolAdjacentViolators
{
    private record struct Block(float First, float Last, double Sum, double Weight)
    {
        public readonly double Mean => Sum / Weight;
    }

    /// <summary>Fits targets against inputs.</summary>
    /// <param name="inputs">Ascending; points with equal inputs count as one point with their mean target.</param>
    /// <param name="targets">One each, from 0 to 1.</param>
    /// <param name="weights">One each, at least 0; empty for all 1.</param>
    public static IsotonicCurve Fit(ReadOnlySpan<float> inputs, ReadOnlySpan<byte> targets, ReadOnlySpan<float> weights)
    {
        var blocks = new List<Block>();
        for (var i = 0; i < inputs.Length;)
        {
            var block = new Block(inputs[i], inputs[i], 0, 0);
            for (; i < inputs.Length && inputs[i] == block.First; i++)
            {
                var weight = weights.IsEmpty ? 1 : (double)weights[i];
                block.Sum += weight * targets[i];
                block.Weight += weight;
            }
            if (block.Weight == 0)
                continue;
            while (blocks.Count > 0 && blocks[^1].Mean >= block.Mean)
            {
                var before = blocks[^1];
                block = new Block(before.First, block.Last, before.Sum + block.Sum, before.Weight + block.Weight);
                blocks.RemoveAt(blocks.Count - 1);
            }
            blocks.Add(block);
        }
        return ToCurve(CollectionsMarshal.AsSpan(blocks));
    }

    /// <summary>A knot at either end of each block: flat within a block, linear between two.</summary>
    private static IsotonicCurve ToCurve(ReadOnlySpan<Block> blocks)
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
