namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// The mean negative log-likelihood of softmax(u) plus a quadratic penalty, where u is an affine function of the logits. Convex in the
/// parameters. All sums are in double precision.
/// </summary>
/// <param name="rows">The rows.</param>
/// <param name="weights">The weight of each row.</param>
/// <param name="penalty">The penalty on the parameters, added to the mean loss.</param>
/// <param name="normalizers">Each row's log-sum-exp, to use log-probabilities instead of logits; null to use the logits.</param>
internal abstract class ScalingObjective(CalibrationRows rows, RowWeights weights, ScalingPenalty penalty, RowNormalizers? normalizers)
{
    protected const int TileRows = RowChunk.TileRows;
    private readonly double _totalWeight = weights.Total(rows.Chunks);
    private readonly double[] _logits = new double[rows.ClassCount * TileRows];
    private readonly double[] _scaled = new double[rows.ClassCount * TileRows];

    protected int ClassCount => rows.ClassCount;

    public int ParameterCount => (HasFullMatrix ? ClassCount * ClassCount : ClassCount) + ClassCount;

    /// <summary>Whether the penalty bounds every weight, so that none goes to infinity.</summary>
    public bool HoldsWeights => penalty.Diagonal > 0 && (!HasFullMatrix || penalty.OffDiagonal > 0);

    /// <summary>Whether every class's score has a weight for every logit.</summary>
    protected abstract bool HasFullMatrix { get; }

    /// <summary>The parameters that divide every logit by a temperature.</summary>
    public double[] FromInverseTemperature(double inverseTemperature)
    {
        var parameters = new double[ParameterCount];
        for (var k = 0; k < ClassCount; k++)
            parameters[HasFullMatrix ? k * (ClassCount + 1) : k] = inverseTemperature;
        return parameters;
    }

    /// <summary>The change of parameters that makes this objective easy to search.</summary>
    public ParameterScaling Scaling()
    {
        var (means, deviations, total) = (new double[ClassCount], new double[ClassCount], 0.0);
        foreach (var tile in rows.Tiles(weights.Stride))
        {
            ReadTile(tile);
            var ofRows = weights.OfTile(tile);
            for (var row = 0; row < TileRows; row++)
            {
                if (ofRows[row] == 0)
                    continue;
                total += ofRows[row];
                for (var k = 0; k < ClassCount; k++)
                {
                    // West's update: means and sums of squared deviations in one pass.
                    var off = _logits[k * TileRows + row] - means[k];
                    means[k] += off * ofRows[row] / total;
                    deviations[k] += ofRows[row] * off * (_logits[k * TileRows + row] - means[k]);
                }
            }
        }
        for (var k = 0; k < ClassCount; k++)
            deviations[k] = deviations[k] > 0 ? Math.Sqrt(deviations[k] / total) : 1;
        return new ParameterScaling(means, deviations, HasFullMatrix);
    }

    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var loss = Vector512<double>.Zero;
        foreach (var tile in rows.Tiles(weights.Stride))
        {
            ReadTile(tile);
            Scale(parameters, _logits, _scaled);
            loss += TileResidual.LossAndResidual(_scaled, tile.Labels, weights.OfTile(tile));
            AddGradient(_logits, _scaled, gradient);
        }
        CollectGradient(gradient);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] /= _totalWeight;
        return Vector512.Sum(loss) / _totalWeight + penalty.Add(parameters, gradient, ClassCount, HasFullMatrix);
    }

    /// <summary>The part of the value that is penalty.</summary>
    public double Penalty(ReadOnlySpan<double> parameters) =>
        penalty.Add(parameters, new double[parameters.Length], ClassCount, HasFullMatrix);

    /// <summary>The part of the value that is mean loss.</summary>
    public double Loss(ReadOnlySpan<double> parameters) => Evaluate(parameters, new double[parameters.Length]) - Penalty(parameters);

    /// <summary>True when the scaled scores put every row's label first.</summary>
    public bool EveryLabelOnTop(ReadOnlySpan<double> parameters)
    {
        foreach (var tile in rows.Tiles())
        {
            ReadTile(tile);
            Scale(parameters, _logits, _scaled);
            for (var row = 0; row < tile.RowCount; row++)
            {
                if (tile.Chunk.Weight(tile.FirstRow + row) == 0)
                    continue;
                var ofLabel = _scaled[tile.Labels[row] * TileRows + row];
                for (var k = 0; k < ClassCount; k++)
                {
                    if (_scaled[k * TileRows + row] > ofLabel)
                        return false;
                }
            }
        }
        return true;
    }

    /// <summary>Writes u for a tile of 16 rows, laid out class after class.</summary>
    protected abstract void Scale(ReadOnlySpan<double> parameters, ReadOnlySpan<double> logits, Span<double> scaled);

    /// <summary>Adds a tile's part of the gradient, given the gradient in u.</summary>
    protected abstract void AddGradient(ReadOnlySpan<double> logits, ReadOnlySpan<double> residual, Span<double> gradient);

    /// <summary>Adds what <see cref="AddGradient"/> has accumulated, and resets it.</summary>
    protected virtual void CollectGradient(Span<double> gradient)
    {
    }

    private void ReadTile(RowTile tile)
    {
        var shift = normalizers?.OfTile(tile) ?? Vector512<float>.Zero;
        var source = tile.Scores;
        for (var i = 0; i < source.Length; i += TileRows)
        {
            var (lower, upper) = Vector512.Widen(Vector512.Create(source.Slice(i, TileRows)) - shift);
            lower.CopyTo(_logits, i);
            upper.CopyTo(_logits, i + 8);
        }
    }
}

/// <summary>u_k = w_k z_k + b_k. Parameters: the weights, then the intercepts.</summary>
internal sealed class VectorScalingObjective(CalibrationRows rows, RowWeights weights, ScalingPenalty penalty)
    : ScalingObjective(rows, weights, penalty, normalizers: null)
{
    protected override bool HasFullMatrix => false;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Scale(ReadOnlySpan<double> parameters, ReadOnlySpan<double> logits, Span<double> scaled)
    {
        for (var k = 0; k < ClassCount; k++)
        {
            var (weight, intercept) = (Vector512.Create(parameters[k]), Vector512.Create(parameters[ClassCount + k]));
            var z = logits.Slice(k * TileRows, TileRows);
            var u = scaled.Slice(k * TileRows, TileRows);
            Vector512.MultiplyAddEstimate(Vector512.Create(z), weight, intercept).CopyTo(u);
            Vector512.MultiplyAddEstimate(Vector512.Create(z[8..]), weight, intercept).CopyTo(u[8..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AddGradient(ReadOnlySpan<double> logits, ReadOnlySpan<double> residual, Span<double> gradient)
    {
        for (var k = 0; k < ClassCount; k++)
        {
            var z = logits.Slice(k * TileRows, TileRows);
            var lanes = residual.Slice(k * TileRows, TileRows);
            var (lower, upper) = (Vector512.Create(lanes), Vector512.Create(lanes[8..]));
            gradient[k] += Vector512.Sum(Vector512.MultiplyAddEstimate(lower, Vector512.Create(z), upper * Vector512.Create(z[8..])));
            gradient[ClassCount + k] += Vector512.Sum(lower + upper);
        }
    }
}

/// <summary>u = W z + b, z the logits or the log-probabilities. Parameters: W row after row, then b.</summary>
internal sealed class MatrixScalingObjective(CalibrationRows rows, RowWeights weights, ScalingPenalty penalty, RowNormalizers? normalizers)
    : ScalingObjective(rows, weights, penalty, normalizers)
{
    /// <summary>Sums per lane: the lanes are added up once per evaluation, not once per tile.</summary>
    private readonly Vector512<double>[] _weightGradient = new Vector512<double>[rows.ClassCount * rows.ClassCount];

    protected override bool HasFullMatrix => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Scale(ReadOnlySpan<double> parameters, ReadOnlySpan<double> logits, Span<double> scaled)
    {
        var intercepts = parameters[(ClassCount * ClassCount)..];
        for (var k = 0; k < ClassCount; k++)
        {
            var row = parameters.Slice(k * ClassCount, ClassCount);
            var lower = Vector512.Create(intercepts[k]);
            var upper = lower;
            for (var j = 0; j < row.Length; j++)
            {
                var weight = Vector512.Create(row[j]);
                var z = logits.Slice(j * TileRows, TileRows);
                lower = Vector512.MultiplyAddEstimate(weight, Vector512.Create(z), lower);
                upper = Vector512.MultiplyAddEstimate(weight, Vector512.Create(z[8..]), upper);
            }
            lower.CopyTo(scaled[(k * TileRows)..]);
            upper.CopyTo(scaled[(k * TileRows + 8)..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void AddGradient(ReadOnlySpan<double> logits, ReadOnlySpan<double> residual, Span<double> gradient)
    {
        for (var k = 0; k < ClassCount; k++)
        {
            var lanes = residual.Slice(k * TileRows, TileRows);
            var (lower, upper) = (Vector512.Create(lanes), Vector512.Create(lanes[8..]));
            var sums = _weightGradient.AsSpan(k * ClassCount, ClassCount);
            for (var j = 0; j < sums.Length; j++)
            {
                var z = logits.Slice(j * TileRows, TileRows);
                sums[j] = Vector512.MultiplyAddEstimate(
                    lower, Vector512.Create(z), Vector512.MultiplyAddEstimate(upper, Vector512.Create(z[8..]), sums[j]));
            }
            gradient[ClassCount * ClassCount + k] += Vector512.Sum(lower + upper);
        }
    }

    protected override void CollectGradient(Span<double> gradient)
    {
        for (var i = 0; i < _weightGradient.Length; i++)
            gradient[i] += Vector512.Sum(_weightGradient[i]);
        Array.Clear(_weightGradient);
    }
}
