using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>
/// One fully connected layer, output = W input + b, as a view of a flat parameter array: W row by row (one row per output), then b.
/// </summary>
/// <param name="InputCount">The number of inputs, at least 1.</param>
/// <param name="OutputCount">The number of outputs, at least 1.</param>
/// <param name="Offset">Where the layer's parameters begin in the flat array.</param>
internal readonly record struct DenseLayer(int InputCount, int OutputCount, int Offset)
{
    public int WeightCount => InputCount * OutputCount;

    public int ParameterCount => WeightCount + OutputCount;

    public Span<float> Weights(Span<float> parameters) => parameters.Slice(Offset, WeightCount);

    public ReadOnlySpan<float> Weights(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, WeightCount);

    public Span<float> Biases(Span<float> parameters) => parameters.Slice(Offset + WeightCount, OutputCount);

    public ReadOnlySpan<float> Biases(ReadOnlySpan<float> parameters) => parameters.Slice(Offset + WeightCount, OutputCount);

    /// <summary>Writes W x + b for each of <paramref name="rowCount"/> rows of inputs.</summary>
    /// <remarks>Each row of W is read once for the whole batch, so that a large layer streams through the cache once.</remarks>
    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, int rowCount, Span<float> outputs)
    {
        var weights = Weights(parameters);
        var biases = Biases(parameters);
        for (var output = 0; output < OutputCount; output++)
        {
            var weightRow = weights.Slice(output * InputCount, InputCount);
            for (var row = 0; row < rowCount; row++)
            {
                outputs[row * OutputCount + output] =
                    TensorPrimitives.Dot(inputs.Slice(row * InputCount, InputCount), weightRow) + biases[output];
            }
        }
    }

    /// <summary>
    /// Adds the batch's share to the gradient of the parameters and, unless <paramref name="inputGradient"/> is empty (the first layer
    /// needs none), writes the gradient with respect to the layer's inputs.
    /// </summary>
    public void Backward(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradient, int rowCount,
        Span<float> parameterGradient, Span<float> inputGradient)
    {
        var weights = Weights(parameters);
        var weightGradient = Weights(parameterGradient);
        var biasGradient = Biases(parameterGradient);
        inputGradient.Clear();
        for (var output = 0; output < OutputCount; output++)
        {
            var weightRow = weights.Slice(output * InputCount, InputCount);
            var weightGradientRow = weightGradient.Slice(output * InputCount, InputCount);
            for (var row = 0; row < rowCount; row++)
            {
                var slope = outputGradient[row * OutputCount + output];
                if (slope == 0)
                    continue;
                biasGradient[output] += slope;
                TensorPrimitives.MultiplyAdd(inputs.Slice(row * InputCount, InputCount), slope, weightGradientRow, weightGradientRow);
                if (inputGradient.IsEmpty)
                    continue;
                var target = inputGradient.Slice(row * InputCount, InputCount);
                TensorPrimitives.MultiplyAdd(weightRow, slope, target, target);
            }
        }
    }
}
