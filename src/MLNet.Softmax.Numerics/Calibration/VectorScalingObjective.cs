using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>u_k = w_k z_k + b_k. Parameters: the weights, then the intercepts.</summary>
internal sealed class VectorScalingObjective(CalibrationRows rows, RowWeights weights, ScalingPenalty penalty)
    : ScalingObjective(rows, weights, penalty, normalizers: null)
{
    public override int ParameterCount => 2 * ClassCount;

    protected override bool HasFullMatrix => false;

    public override double[] FromInverseTemperature(double inverseTemperature)
    {
        var parameters = new double[ParameterCount];
        parameters.AsSpan(0, ClassCount).Fill(inverseTemperature);
        return parameters;
    }

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
