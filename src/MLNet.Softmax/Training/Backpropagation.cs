using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Interop;
using MLNet.Softmax.Numerics;

namespace MLNet.Softmax.Training;

/// <summary>The objective of a mini-batch and its gradient, by backpropagation (Rumelhart, Hinton and Williams 1986).</summary>
/// <remarks>Owns the buffers of one batch; nothing is allocated per call.</remarks>
internal sealed class Backpropagation
{
    private readonly NetworkShape _shape;
    private readonly TrainingObjective _objective;
    private readonly int _batchSize;
    private readonly float[] _inputs;
    private readonly int[] _labels;
    private readonly float[][] _outputs;
    private readonly float[][] _outputGradients;

    public Backpropagation(NetworkShape shape, TrainingObjective objective, int batchSize)
    {
        (_shape, _objective, _batchSize) = (shape, objective, batchSize);
        _inputs = new float[checked(batchSize * shape.FeatureCount)];
        _labels = new int[batchSize];
        _outputs = [.. shape.Layers.ToArray().Select(layer => new float[checked(batchSize * layer.OutputCount)])];
        _outputGradients = [.. _outputs.Select(output => new float[output.Length])];
    }

    /// <summary>
    /// Overwrites <paramref name="gradient"/> and returns the batch's objective. A batch whose class weights are all 0 says nothing:
    /// its objective and gradient are those of the penalty alone.
    /// </summary>
    public double Compute(ReadOnlySpan<float> parameters, LabelledRows rows, ReadOnlySpan<int> batch, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Length, _batchSize);
        gradient.Clear();
        Forward(parameters, rows, batch);
        var loss = LossAtTheOutput(rows, batch);
        Backward(parameters, batch.Length, gradient);
        return loss + _objective.AddPenalty(_shape, parameters, gradient);
    }

    private void Forward(ReadOnlySpan<float> parameters, LabelledRows rows, ReadOnlySpan<int> batch)
    {
        for (var row = 0; row < batch.Length; row++)
            rows.Features[batch[row]].CopyTo(_inputs, row * _shape.FeatureCount);

        var layers = _shape.Layers;
        for (var index = 0; index < layers.Length; index++)
        {
            var output = _outputs[index].AsSpan(0, batch.Length * layers[index].OutputCount);
            layers[index].Forward(parameters, index == 0 ? _inputs : _outputs[index - 1], batch.Length, output);
            if (index < layers.Length - 1)
                TensorPrimitives.Max(output, 0f, output);
        }
    }

    private double LossAtTheOutput(LabelledRows rows, ReadOnlySpan<int> batch)
    {
        for (var row = 0; row < batch.Length; row++)
            _labels[row] = rows.Labels[batch[row]];
        var count = batch.Length * _shape.ClassCount;
        var gradient = _outputGradients[^1].AsSpan(0, count);
        var total = CrossEntropy.RowsWithGradient(
            _outputs[^1].AsSpan(0, count), _shape.ClassCount, _labels.AsSpan(0, batch.Length), gradient, _objective.CrossEntropy);
        if (total.Weight == 0)
        {
            gradient.Clear();
            return 0;
        }

        TensorPrimitives.Multiply(gradient, (float)(1 / total.Weight), gradient);
        return total.Mean;
    }

    private void Backward(ReadOnlySpan<float> parameters, int rowCount, Span<float> gradient)
    {
        var layers = _shape.Layers;
        for (var index = layers.Length - 1; index > 0; index--)
        {
            var inputGradient = _outputGradients[index - 1].AsSpan(0, rowCount * layers[index].InputCount);
            layers[index].Backward(parameters, _outputs[index - 1], _outputGradients[index], rowCount, gradient, inputGradient);
            ThroughReLU(_outputs[index - 1], inputGradient);
        }

        layers[0].Backward(parameters, _inputs, _outputGradients[0], rowCount, gradient, []);
    }

    private static void ThroughReLU(ReadOnlySpan<float> activations, Span<float> gradient)
    {
        for (var index = 0; index < gradient.Length; index++)
        {
            if (activations[index] <= 0)
                gradient[index] = 0;
        }
    }
}
