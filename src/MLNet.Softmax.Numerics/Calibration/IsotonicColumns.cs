namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>One class's column of probabilities at a time, sorted and fitted against "is it this class?".</summary>
internal sealed class IsotonicColumns
{
    private readonly CalibrationRows _rows;
    private readonly float[]? _classWeights;
    private readonly float[] _logits;
    private readonly float[] _logSumExp;

    public IsotonicColumns(CalibrationRows rows, float[]? classWeights)
    {
        _rows = rows;
        _classWeights = classWeights;
        _logits = new float[rows.ClassCount];
        _logSumExp = new float[rows.Count];
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
        var inputs = new float[_rows.Count];
        var labels = new ushort[_rows.Count];
        var next = 0;
        foreach (var chunk in _rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                inputs[next] = MathF.Exp(chunk.Logit(row, label) - _logSumExp[next]);
                labels[next++] = chunk.Labels[row];
            }
        }
        Array.Sort(inputs, labels);

        var weights = _classWeights is null ? [] : Array.ConvertAll(labels, of => _classWeights[of]);
        return PoolAdjacentViolators.Fit(inputs, Array.ConvertAll(labels, of => of == label ? (byte)1 : (byte)0), weights);
    }

    public (double Before, double After) Loss(ReadOnlySpan<IsotonicCurve> curves)
    {
        double before = 0, after = 0, total = 0;
        var calibrated = new float[_rows.ClassCount];
        var probabilities = new float[_rows.ClassCount];
        foreach (var chunk in _rows.Chunks)
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                var label = chunk.Labels[row];
                var weight = _classWeights is null ? 1.0 : _classWeights[label];
                if (weight == 0)
                    continue;
                chunk.CopyLogits(row, _logits);
                Softmax.Compute(_logits, probabilities);
                IsotonicCalibration.Apply(probabilities, curves, calibrated);
                before += weight * CrossEntropy.Loss(_logits, label);
                after -= weight * Math.Log(calibrated[label]);
                total += weight;
            }
        }
        return (before / total, after / total);
    }
}
