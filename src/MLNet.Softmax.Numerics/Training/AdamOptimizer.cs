using System.Numerics;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1, in the arrangement of its section 2 that folds
/// the bias corrections into the step size): beta1 0.9, beta2 0.999, epsilon 1e-8.
/// </summary>
internal sealed class AdamOptimizer(int parameterCount, float learningRate)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const double Epsilon = 1e-8;

    private readonly float[] _firstMoments = new float[parameterCount];
    private readonly float[] _secondMoments = new float[parameterCount];
    private int _stepCount;

    /// <summary>Moves the parameters one step against the gradient.</summary>
    public void Step(ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        _stepCount++;
        var secondCorrection = Math.Sqrt(1 - Math.Pow(Beta2, _stepCount));
        var stepSize = (float)(learningRate * secondCorrection / (1 - Math.Pow(Beta1, _stepCount)));
        var epsilon = (float)(Epsilon * secondCorrection);

        var index = 0;
        for (; index <= parameters.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var slope = new Vector<float>(gradient[index..]);
            var first = Beta1 * new Vector<float>(_firstMoments, index) + (1 - Beta1) * slope;
            var second = Beta2 * new Vector<float>(_secondMoments, index) + (1 - Beta2) * slope * slope;
            first.CopyTo(_firstMoments, index);
            second.CopyTo(_secondMoments, index);
            var moved = new Vector<float>(parameters[index..]) - stepSize * first / (Vector.SquareRoot(second) + new Vector<float>(epsilon));
            moved.CopyTo(parameters[index..]);
        }

        for (; index < parameters.Length; index++)
        {
            var slope = gradient[index];
            var first = _firstMoments[index] = Beta1 * _firstMoments[index] + (1 - Beta1) * slope;
            var second = _secondMoments[index] = Beta2 * _secondMoments[index] + (1 - Beta2) * slope * slope;
            parameters[index] -= stepSize * first / (MathF.Sqrt(second) + epsilon);
        }
    }
}
