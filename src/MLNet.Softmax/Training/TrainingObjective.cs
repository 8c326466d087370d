using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics;

namespace MLNet.Softmax.Training;

/// <summary>
/// What training minimises over a batch: the class-weighted mean of softmax + cross-entropy with smoothed labels, as PyTorch defines
/// both, plus L2 / 2 times the squared weights (biases are free).
/// </summary>
/// <param name="L2Regularization">The strength of the penalty, at least 0.</param>
/// <param name="LabelSmoothing">The share of each label that is spread over all classes, in [0, 1).</param>
/// <param name="ClassWeights">One weight per class, or empty for equal weights.</param>
internal sealed record TrainingObjective(float L2Regularization, float LabelSmoothing, float[] ClassWeights)
{
    public static TrainingObjective Plain { get; } = new(0, 0, []);

    public CrossEntropyOptions CrossEntropy => new() { LabelSmoothing = LabelSmoothing, ClassWeights = ClassWeights };

    /// <summary>Adds the penalty's gradient and returns the penalty.</summary>
    public double AddPenalty(NetworkShape shape, ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        if (L2Regularization == 0)
            return 0;

        double squares = 0;
        foreach (var layer in shape.Layers)
        {
            var weights = layer.Weights(parameters);
            var weightGradient = layer.Weights(gradient);
            squares += TensorPrimitives.SumOfSquares(weights);
            TensorPrimitives.MultiplyAdd(weights, L2Regularization, weightGradient, weightGradient);
        }

        return 0.5 * L2Regularization * squares;
    }
}
