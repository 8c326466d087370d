using System.Numerics.Tensors;
using MLNet.Softmax.Numerics;

namespace MLNet.Softmax.Training;

/// <summary>The objective of a mini-batch and its gradient, by backpropagation (Rumelhart, Hinton and Williams 1986).</summary>
/// <remarks>Owns the buffers of one batch; nothing is allocated per call.</remarks>
internal sealed class Backpropagation
{
    private readonly NetworkShape shape;
    private readonly TrainingObjective objective;
    private readonly int batchSize;
    private readonly float[] inputs;
    private readonly int[] labels;
    private readonly float[][] outputs;
    private readonly float[][] outputGradients;

    public Backpropagation(NetworkShape shape, TrainingObjective objective, int batchSize)
    {
        this.shape = shape;
        this.objective = objective;
        this.batchSize = batchSize;
        inputs = new float[checked(batchSize * shape.FeatureCount)];
        labels = new int[batchSize];
        outputs = [.. shape.Layers.ToArray().Select(layer => new float[checked(batchSize * layer.OutputCount)])];
        outputGradients = [.. outputs.Select(output => new float[output.Length])];
    }

    /// <summary>
    /// Overwrites <paramref name="gradient"/> and returns the batch's objective. A batch whose class weights are all 0 says nothing:
    /// its objective and gradient are those of the penalty alone.
    /// </summary>
    public double Compute(ReadOnlySpan<float> parameters, LabelledRows rows, ReadOnlySpan<int> batch, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Length, batchSize);
        gradient.Clear();
        Forward(parameters, rows, batch);
        var loss = LossAtTheOutput(rows, batch);
        Backward(parameters, batch.Length, gradient);
        return loss + objective.AddPenalty(shape, parameters, gradient);
    }

    private void Forward(ReadOnlySpan<float> parameters, LabelledRows rows, ReadOnlySpan<int> batch)
    {
        for (var row = 0; row < batch.Length; row++)
            rows.Features[batch[row]].CopyTo(inputs, row * shape.FeatureCount);

        var layers = shape.Layers;
        for (var index = 0; index < layers.Length; index++)
        {
            var output = outputs[index].AsSpan(0, batch.Length * layers[index].OutputCount);
            layers[index].Forward(parameters, index == 0 ? inputs : outputs[index - 1], batch.Length, output);
            if (index < layers.Length - 1)
                TensorPrimitives.Max(output, 0f, output);
        }
    }

    private double LossAtTheOutput(LabelledRows rows, ReadOnlySpan<int> batch)
    {
        for (var row = 0; row < batch.Length; row++)
            labels[row] = rows.Labels[batch[row]];
        var count = batch.Length * shape.ClassCount;
        var gradient = outputGradients[^1].AsSpan(0, count);
        var total = CrossEntropy.RowsWithGradient(
            outputs[^1].AsSpan(0, count), shape.ClassCount, labels.AsSpan(0, batch.Length), gradient, objective.CrossEntropy);
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
        var layers = shape.Layers;
        for (var index = layers.Length - 1; index > 0; index--)
        {
            var inputGradient = outputGradients[index - 1].AsSpan(0, rowCount * layers[index].InputCount);
            layers[index].Backward(parameters, outputs[index - 1], outputGradients[index], rowCount, gradient, inputGradient);
            ThroughReLU(outputs[index - 1], inputGradient);
        }

        layers[0].Backward(parameters, inputs, outputGradients[0], rowCount, gradient, []);
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
