using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>u_k = w_k z_k + b_k. Parameters: the weights, then the intercepts.</summary>
internal sealed class VectorScalingObjective(CalibrationRows rows, RowWeights weights, VectorScalingOptions options, double centre)
    : ScalingObjective(rows, weights, logProbabilities: false)
{
    private readonly CalibrationRows _rows = rows;

    public override int ParameterCount => 2 * ClassCount;

    protected override bool HasFullMatrix => false;

    public override ScalingObjective Over(RowWeights weights) => new VectorScalingObjective(_rows, weights, VectorScalingOptions.NoPenalty, centre);

    public override double[] FromInverseTemperature(double inverseTemperature)
    {
        var parameters = new double[ParameterCount];
        parameters.AsSpan(0, ClassCount).Fill(inverseTemperature);
        return parameters;
    }

    protected override void Scale(ReadOnlySpan<double> parameters, ReadOnlySpan<double> logits, Span<double> scaled)
    {
        for (var k = 0; k < ClassCount; k++)
        {
            var lanes = scaled.Slice(k * TileRows, TileRows);
            TensorPrimitives.Multiply(logits.Slice(k * TileRows, TileRows), parameters[k], lanes);
            TensorPrimitives.Add(lanes, parameters[ClassCount + k], lanes);
        }
    }

    protected override void AddGradient(ReadOnlySpan<double> logits, ReadOnlySpan<double> residual, Span<double> gradient)
    {
        for (var k = 0; k < ClassCount; k++)
        {
            var lanes = residual.Slice(k * TileRows, TileRows);
            gradient[k] += TensorPrimitives.Dot(lanes, logits.Slice(k * TileRows, TileRows));
            gradient[ClassCount + k] += TensorPrimitives.Sum(lanes);
        }
    }

    protected override double AddPenalty(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        var penalty = 0.0;
        for (var k = 0; k < ClassCount; k++)
        {
            penalty += Ridge.Add(options.WeightRegularization / ClassCount, parameters[k] - centre, ref gradient[k]);
            penalty += Ridge.Add(options.InterceptRegularization / ClassCount, parameters[ClassCount + k], ref gradient[ClassCount + k]);
        }
        return penalty;
    }
}
