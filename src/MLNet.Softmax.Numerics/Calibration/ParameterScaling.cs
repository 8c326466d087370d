namespace MLNet.Softmax.Numerics.Calibration;

/// <summary>
/// A change of parameters to those of standardised logits, <c>u = V (z - mean) / deviation + c</c>. Logits far from 0 tie the weights
/// to the intercepts and stretch the valley that the search walks; in these parameters it is nearly round.
/// </summary>
/// <param name="means">Of each class's logit.</param>
/// <param name="deviations">Of each class's logit, above 0.</param>
/// <param name="full">True where class k's score has a weight for every logit, row after row; false where it has one for its own.</param>
internal sealed class ParameterScaling(double[] means, double[] deviations, bool full)
{
    private int ClassCount => means.Length;

    private int WeightCount => full ? ClassCount * ClassCount : ClassCount;

    /// <summary>From the parameters of standardised logits to those of the logits.</summary>
    public void ToLogits(ReadOnlySpan<double> standardised, Span<double> parameters)
    {
        standardised.CopyTo(parameters);
        for (var i = 0; i < WeightCount; i++)
        {
            var (row, column) = Place(i);
            parameters[i] /= deviations[column];
            parameters[WeightCount + row] -= parameters[i] * means[column];
        }
    }

    /// <summary>The reverse.</summary>
    public double[] FromLogits(ReadOnlySpan<double> parameters)
    {
        var standardised = parameters.ToArray();
        for (var i = 0; i < WeightCount; i++)
        {
            var (row, column) = Place(i);
            standardised[WeightCount + row] += parameters[i] * means[column];
            standardised[i] *= deviations[column];
        }
        return standardised;
    }

    /// <summary>Turns the gradient in the logits' parameters into the one in those of standardised logits.</summary>
    public void Gradient(Span<double> gradient)
    {
        for (var i = 0; i < WeightCount; i++)
        {
            var (row, column) = Place(i);
            gradient[i] = (gradient[i] - gradient[WeightCount + row] * means[column]) / deviations[column];
        }
    }

    private (int Row, int Column) Place(int weight) => full ? (weight / ClassCount, weight % ClassCount) : (weight, weight);
}

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
