using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>A quadratic penalty on the parameters, weights first: each strength multiplies a mean square.</summary>
/// <param name="Diagonal">Draws each class's own weight towards <paramref name="Centre"/>.</param>
/// <param name="OffDiagonal">Draws the other weights of a matrix towards 0.</param>
/// <param name="Intercept">Draws the intercepts towards 0.</param>
/// <param name="Centre">The inverse of the fitted temperature.</param>
internal readonly record struct ScalingPenalty(double Diagonal, double OffDiagonal, double Intercept, double Centre)
{
    /// <summary>Returns the penalty and adds its gradient.</summary>
    public double Add(ReadOnlySpan<double> parameters, Span<double> gradient, int classCount, bool full)
    {
        var weightCount = full ? classCount * classCount : classCount;
        var diagonalStep = full ? classCount + 1 : 1;
        var (diagonal, offDiagonal, intercept) = (
            Diagonal / classCount, OffDiagonal / (classCount * (classCount - 1.0)), Intercept / classCount);
        var penalty = 0.0;
        for (var i = 0; i < parameters.Length; i++)
        {
            var (strength, offset) = i >= weightCount ? (intercept, parameters[i])
                : i % diagonalStep == 0 ? (diagonal, parameters[i] - Centre)
                : (offDiagonal, parameters[i]);
            gradient[i] += 2 * strength * offset;
            penalty += strength * offset * offset;
        }
        return penalty;
    }
}

/// <summary>
/// The mean negative log-likelihood of softmax(u), u an affine function of the logits, plus a quadratic penalty: convex in the
/// parameters. All sums are in double precision.
/// </summary>
internal abstract class ScalingObjective
{
    protected const int TileRows = RowChunk.TileRows;
    private readonly CalibrationRows _rows;
    private readonly RowWeights _weights;
    private readonly double _totalWeight;
    private readonly ScalingPenalty _penalty;
    private readonly RowNormalizers? _normalizers;
    private readonly double[] _logits;
    private readonly double[] _scaled;

    /// <param name="rows">The rows.</param>
    /// <param name="weights">What each counts.</param>
    /// <param name="penalty">What the parameters add to the mean loss.</param>
    /// <param name="normalizers">To take each row's log-probabilities in place of its logits; null to take these.</param>
    protected ScalingObjective(CalibrationRows rows, RowWeights weights, ScalingPenalty penalty, RowNormalizers? normalizers)
    {
        _rows = rows;
        _weights = weights;
        _penalty = penalty;
        _normalizers = normalizers;
        _totalWeight = weights.Total(rows.Chunks);
        _logits = new double[rows.ClassCount * TileRows];
        _scaled = new double[rows.ClassCount * TileRows];
    }

    protected int ClassCount => _rows.ClassCount;

    public abstract int ParameterCount { get; }

    /// <summary>Whether the penalty keeps every weight from running off to infinity.</summary>
    public bool HoldsWeights => _penalty.Diagonal > 0 && (!HasFullMatrix || _penalty.OffDiagonal > 0);

    /// <summary>Whether every class's score has a weight for every logit.</summary>
    protected abstract bool HasFullMatrix { get; }

    /// <summary>The parameters that divide every logit by a temperature.</summary>
    public abstract double[] FromInverseTemperature(double inverseTemperature);

    /// <summary>The parameters in which this objective is best searched.</summary>
    public ParameterScaling Scaling()
    {
        var (means, deviations, weight) = (new double[ClassCount], new double[ClassCount], 0.0);
        var chunks = _rows.Chunks;
        for (var c = 0; c < chunks.Length; c++)
        {
            for (var tile = 0; tile < chunks[c].TileCount; tile += _weights.Stride)
            {
                ReadTile(chunks, c, tile);
                var weights = _weights.OfTile(chunks[c], c, tile);
                for (var row = 0; row < TileRows; row++)
                {
                    if (weights[row] == 0)
                        continue;
                    weight += weights[row];
                    for (var k = 0; k < ClassCount; k++)
                    {
                        // West's update: means and sums of squared deviations in one pass.
                        var off = _logits[k * TileRows + row] - means[k];
                        means[k] += off * weights[row] / weight;
                        deviations[k] += weights[row] * off * (_logits[k * TileRows + row] - means[k]);
                    }
                }
            }
        }
        for (var k = 0; k < ClassCount; k++)
            deviations[k] = deviations[k] > 0 ? Math.Sqrt(deviations[k] / weight) : 1;
        return new ParameterScaling(means, deviations, HasFullMatrix);
    }

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var loss = Vector512<double>.Zero;
        var chunks = _rows.Chunks;
        for (var c = 0; c < chunks.Length; c++)
        {
            for (var tile = 0; tile < chunks[c].TileCount; tile += _weights.Stride)
            {
                ReadTile(chunks, c, tile);
                Scale(parameters, _logits, _scaled);
                var labels = chunks[c].Labels.AsSpan(tile * TileRows, TileRows);
                loss += TileResidual.LossAndResidual(_scaled, labels, _weights.OfTile(chunks[c], c, tile));
                AddGradient(_logits, _scaled, gradient);
            }
        }
        CollectGradient(gradient);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] /= _totalWeight;
        return Vector512.Sum(loss) / _totalWeight + _penalty.Add(parameters, gradient, ClassCount, HasFullMatrix);
    }

    /// <summary>The part of the value that is penalty.</summary>
    public double Penalty(ReadOnlySpan<double> parameters) =>
        _penalty.Add(parameters, new double[parameters.Length], ClassCount, HasFullMatrix);

    /// <summary>The part of the value that is mean loss.</summary>
    public double Loss(ReadOnlySpan<double> parameters) => Evaluate(parameters, new double[parameters.Length]) - Penalty(parameters);

    /// <summary>True when the scaled scores put every row's label first.</summary>
    public bool EveryLabelOnTop(ReadOnlySpan<double> parameters)
    {
        var chunks = _rows.Chunks;
        for (var c = 0; c < chunks.Length; c++)
        {
            var chunk = chunks[c];
            for (var tile = 0; tile < chunk.TileCount; tile++)
            {
                ReadTile(chunks, c, tile);
                Scale(parameters, _logits, _scaled);
                for (var row = 0; row < chunk.RowsInTile(tile); row++)
                {
                    var ofLabel = _scaled[chunk.Labels[tile * TileRows + row] * TileRows + row];
                    for (var k = 0; k < ClassCount; k++)
                    {
                        if (_scaled[k * TileRows + row] > ofLabel)
                            return false;
                    }
                }
            }
        }
        return true;
    }

    /// <summary>Writes u for a tile of 16 rows, laid out class after class.</summary>
    protected abstract void Scale(ReadOnlySpan<double> parameters, ReadOnlySpan<double> logits, Span<double> scaled);

    /// <summary>Adds a tile's part of the gradient, given the gradient in u.</summary>
    protected abstract void AddGradient(ReadOnlySpan<double> logits, ReadOnlySpan<double> residual, Span<double> gradient);

    /// <summary>Adds what <see cref="AddGradient"/> has kept to itself, which then starts afresh.</summary>
    protected virtual void CollectGradient(Span<double> gradient)
    {
    }

    private void ReadTile(ReadOnlySpan<RowChunk> chunks, int index, int tile)
    {
        var chunk = chunks[index];
        var shift = _normalizers?.OfTile(index, tile) ?? Vector512<float>.Zero;
        ReadOnlySpan<float> source = chunk.Scores.AsSpan(tile * chunk.TileFloats, chunk.TileFloats);
        for (var i = 0; i < source.Length; i += TileRows)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Create(source.Slice(i, TileRows)) - shift);
            lower.CopyTo(_logits, i);
            upper.CopyTo(_logits, i + 8);
        }
    }
}
