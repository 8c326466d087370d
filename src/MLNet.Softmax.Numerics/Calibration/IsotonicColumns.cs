using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>One class's column of probabilities at a time, sorted and fitted against "is it this class?". 25 bytes a row.</summary>
internal sealed class IsotonicColumns
{
    private readonly CalibrationRows _rows;
    private readonly float[]? _classWeights;
    private readonly float[] _logits;
    private readonly float[] _logSumExp;
    private readonly float[] _inputs;
    private readonly byte[] _targets;
    private readonly float[] _weights;
    private readonly ulong[] _keys;
    private readonly ulong[] _scratch;

    public IsotonicColumns(CalibrationRows rows, float[]? classWeights)
    {
        _rows = rows;
        _classWeights = classWeights;
        _logits = new float[rows.ClassCount];
        _logSumExp = new float[rows.Count];
        _inputs = new float[rows.Count];
        _targets = new byte[rows.Count];
        _weights = classWeights is null ? [] : new float[rows.Count];
        _keys = new ulong[rows.Count];
        _scratch = new ulong[rows.Count];
        var next = 0;
        foreach (var chunk in rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                chunk.CopyLogits(row, _logits);
                _logSumExp[next++] = LogSumExp.Compute(_logits);
            }
        }
    }

    public IsotonicCurve FitClass(int label)
    {
        var next = 0;
        foreach (var chunk in _rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                _keys[next] = ProbabilitySort.Key(MathF.Exp(chunk.Logit(row, label) - _logSumExp[next]), chunk.Labels[row]);
                next++;
            }
        }

        var sorted = ProbabilitySort.Sort(_keys, _scratch);
        for (var i = 0; i < sorted.Length; i++)
        {
            var of = ProbabilitySort.Carried(sorted[i]);
            _inputs[i] = BitConverter.UInt32BitsToSingle((uint)(sorted[i] >> 32));
            _targets[i] = of == label ? (byte)1 : (byte)0;
            if (_classWeights is not null)
                _weights[i] = _classWeights[of];
        }
        return PoolAdjacentViolators.Fit(_inputs, _targets, _weights);
    }

    public (double Before, double After) Loss(ReadOnlySpan<IsotonicCurve> curves)
    {
        double before = 0, after = 0, total = 0;
        var calibrated = new float[_rows.ClassCount];
        var probabilities = new float[_rows.ClassCount];
        var next = 0;
        foreach (var chunk in _rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                var label = chunk.Labels[row];
                var normalizer = _logSumExp[next++];
                var weight = _classWeights is null ? 1.0 : _classWeights[label];
                if (weight == 0)
                    continue;
                chunk.CopyLogits(row, _logits);
                Softmax.Compute(_logits, probabilities);
                IsotonicCalibration.Apply(probabilities, curves, calibrated);
                before += weight * (normalizer - _logits[label]);
                after -= weight * Math.Log(calibrated[label]);
                total += weight;
            }
        }
        return (before / total, after / total);
    }
}
