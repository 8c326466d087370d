using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MLNet.Softmax.Numerics.Metrics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A monotone curve for each class against the rest, then every row renormalised: B. Zadrozny, C. Elkan, "Transforming classifier
/// scores into accurate multiclass probability estimates", 2002, as scikit-learn's CalibratedClassifierCV does it. For scores
/// that are ordered well but misshapen, and at least about 1,000 rows; it may change which class is first.
/// </summary>
public static class IsotonicCalibration
{
    /// <summary>Fits a curve of each class's probability by pooling adjacent violators.</summary>
    /// <param name="rows">Rows that the model was not trained on. Logits are turned into probabilities by a softmax.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">Too few rows, or rows of one class only.</exception>
    /// <exception cref="ArgumentException">The class weights do not match the classes.</exception>
    public static IsotonicFit Fit(CalibrationRows rows, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new FitOptions();
        FitGuards.RequireRows(rows, options.MinimumRows);

        var curves = new IsotonicCurve[rows.ClassCount];
        var columns = new IsotonicColumns(rows, FitGuards.Weights(options.ClassWeights, rows));
        for (var k = 0; k < curves.Length; k++)
            curves[k] = columns.FitClass(k);
        var loss = columns.Loss(curves);
        return new IsotonicFit([.. curves], loss.Before, loss.After, rows.Count, rows.LeftOut);
    }

    /// <summary>Passes each probability through its class's curve and renormalises.</summary>
    /// <param name="probabilities">One value a class.</param>
    /// <param name="curves">One curve a class.</param>
    /// <param name="calibrated">At least as long; may be the same memory. Where every curve gives 0, all classes get the same
    /// probability; where a probability is NaN, all are NaN.</param>
    /// <exception cref="ArgumentException">The lengths do not match.</exception>
    public static void Apply(ReadOnlySpan<float> probabilities, ReadOnlySpan<IsotonicCurve> curves, Span<float> calibrated)
    {
        if (curves.Length != probabilities.Length)
            throw new ArgumentException($"There are {curves.Length} curves, but {probabilities.Length} probabilities.", nameof(curves));
        if (calibrated.Length < probabilities.Length)
        {
            throw new ArgumentException(
                $"{probabilities.Length} probabilities do not fit into {calibrated.Length} places.", nameof(calibrated));
        }
        var sum = 0.0;
        for (var k = 0; k < probabilities.Length; k++)
        {
            var value = curves[k].Evaluate(probabilities[k]);
            calibrated[k] = (float)value;
            sum += value;
        }
        for (var k = 0; k < probabilities.Length; k++)
            calibrated[k] = sum == 0 ? 1f / probabilities.Length : (float)(calibrated[k] / sum);
    }
}

/// <summary>
/// A non-decreasing, piecewise linear function from [0, 1] to [0, 1]: constant below its first and above its last knot.
/// </summary>
public sealed class IsotonicCurve
{
    /// <summary>A curve through knots.</summary>
    /// <param name="inputs">Where the knots are: at least one, ascending, finite.</param>
    /// <param name="outputs">The values there: as many, not descending, from 0 to 1.</param>
    /// <exception cref="ArgumentException">There are no knots, the numbers of inputs and outputs differ, or they are not in
    /// order.</exception>
    public IsotonicCurve(ImmutableArray<float> inputs, ImmutableArray<float> outputs)
    {
        if (inputs.IsDefaultOrEmpty || outputs.IsDefault || inputs.Length != outputs.Length)
            throw new ArgumentException("An isotonic curve needs at least one knot and as many outputs as inputs.", nameof(inputs));
        for (var i = 0; i < inputs.Length; i++)
        {
            if (!float.IsFinite(inputs[i]) || (i > 0 && !(inputs[i] > inputs[i - 1])))
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture, $"Knot {i} lies at {inputs[i]}; expected finite, ascending inputs."), nameof(inputs));
            if (!(outputs[i] >= 0 && outputs[i] <= 1) || (i > 0 && outputs[i] < outputs[i - 1]))
                throw new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Knot {i} has the value {outputs[i]}; expected values from 0 to 1 that never fall."), nameof(outputs));
        }
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>Where the knots are, ascending.</summary>
    public ImmutableArray<float> Inputs { get; }

    /// <summary>The values at the knots, not descending.</summary>
    public ImmutableArray<float> Outputs { get; }

    /// <summary>The value at an input; NaN at NaN.</summary>
    /// <param name="input">Usually a probability.</param>
    public double Evaluate(double input)
    {
        if (double.IsNaN(input))
            return double.NaN;
        if (input <= Inputs[0])
            return Outputs[0];
        if (input >= Inputs[^1])
            return Outputs[^1];
        int low = 0, high = Inputs.Length - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Inputs[middle] <= input)
                low = middle;
            else
                high = middle;
        }
        var share = (input - Inputs[low]) / ((double)Inputs[high] - Inputs[low]);
        return Outputs[low] + share * ((double)Outputs[high] - Outputs[low]);
    }
}

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
        _logSumExp = new float[rows.KeptRows];
        _inputs = new float[rows.KeptRows];
        _targets = new byte[rows.KeptRows];
        _keys = new ulong[rows.KeptRows];
        _scratch = new ulong[rows.KeptRows];
        var weighted = weights.HasClassWeights || rows.HasWeights;
        _rowWeights = weighted ? new float[rows.KeptRows] : [];
        _rowLabels = weighted ? new ushort[rows.KeptRows] : [];
        _sortedWeights = weighted ? new float[rows.KeptRows] : [];
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
