using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>u = W z + b, z the logits or the log-probabilities. Parameters: W row after row, then b.</summary>
internal sealed class MatrixScalingObjective(CalibrationRows rows, RowWeights weights, ScalingPenalty penalty, RowNormalizers? normalizers)
    : ScalingObjective(rows, weights, penalty, normalizers)
{
    /// <summary>Sums lane by lane, so that lanes are added up once an evaluation and not once a tile.</summary>
    private readonly Vector512<double>[] _weightGradient = new Vector512<double>[rows.ClassCount * rows.ClassCount];

    public override int ParameterCount => ClassCount * (ClassCount + 1);

    protected override bool HasFullMatrix => true;

    public override double[] FromInverseTemperature(double inverseTemperature)
    {
        var parameters = new double[ParameterCount];
        for (var k = 0; k < ClassCount; k++)
            parameters[k * (ClassCount + 1)] = inverseTemperature;
        return parameters;
    }

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
