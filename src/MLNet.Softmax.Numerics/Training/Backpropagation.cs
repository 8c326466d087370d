using System.Numerics.Tensors;
using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>
/// The objective of training for a batch: the weighted mean of softmax + cross-entropy with smoothed labels, as PyTorch defines both, plus
/// L2 / 2 times the sum of the squared weights of the layers (biases are not penalised). The weight of a row is its own times that of its
/// class.
/// </summary>
/// <param name="L2Regularization">The strength of the penalty, at least 0.</param>
/// <param name="LabelSmoothing">The share of each label that is spread over all classes, in [0, 1).</param>
/// <param name="ClassWeights">One weight per class, or empty for equal weights.</param>
internal sealed record TrainingObjective(float L2Regularization, float LabelSmoothing, float[] ClassWeights)
{
    public static TrainingObjective Plain { get; } = new(0, 0, []);

    public CrossEntropyOptions CrossEntropy => new() { LabelSmoothing = LabelSmoothing, ClassWeights = ClassWeights };

    /// <summary>Overwrites the gradient with that of the penalty and returns the penalty.</summary>
    public double Penalty(NetworkShape shape, ReadOnlySpan<float> parameters, Span<float> gradient)
    {
        gradient.Clear();
        if (L2Regularization == 0)
            return 0;

        double squares = 0;
        foreach (var layer in shape.Layers)
        {
            var weights = layer.Weights(parameters);
            squares += TensorPrimitives.SumOfSquares(weights);
            TensorPrimitives.Multiply(weights, L2Regularization, layer.Weights(gradient));
        }

        return 0.5 * L2Regularization * squares;
    }
}

/// <summary>The objective of a mini-batch and its gradient, by backpropagation (Rumelhart, Hinton and Williams 1986).</summary>
/// <remarks>Owns the buffers of one batch; nothing is allocated per call.</remarks>
internal sealed class Backpropagation(NetworkShape shape, TrainingObjective objective, int batchSize)
{
    private readonly float[] _inputs = new float[checked(batchSize * shape.FeatureCount)];
    private readonly int[] _labels = new int[batchSize];
    private readonly float[][] _outputs = Buffers(shape, batchSize);
    private readonly float[][] _outputGradients = Buffers(shape, batchSize);
    private readonly float[] _weightScratch = new float[shape.Layers.ToArray().Max(layer => layer.WeightCount)];

    /// <summary>
    /// Overwrites <paramref name="gradient"/> and returns the batch's objective. If every weight in the batch is 0, both are those of the
    /// penalty alone.
    /// </summary>
    public double Compute(ReadOnlySpan<float> parameters, LabelledRows rows, ReadOnlySpan<int> batch, Span<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Length, batchSize);
        Forward(parameters, rows, batch);
        var loss = LossAtTheOutput(rows, batch);
        var penalty = objective.Penalty(shape, parameters, gradient);
        Backward(parameters, batch.Length, gradient);
        return loss + penalty;
    }

    private void Forward(ReadOnlySpan<float> parameters, LabelledRows rows, ReadOnlySpan<int> batch)
    {
        for (var row = 0; row < batch.Length; row++)
            rows.Features[batch[row]].CopyTo(_inputs, row * shape.FeatureCount);

        var layers = shape.Layers;
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
        var labels = _labels.AsSpan(0, batch.Length);
        var logits = _outputs[^1].AsSpan(0, batch.Length * shape.ClassCount);
        var gradient = _outputGradients[^1].AsSpan(0, logits.Length);
        if (rows.Weights is not null)
            return WeightedLossAtTheOutput(logits, labels, rows, batch, gradient);

        var total = CrossEntropy.RowsWithGradient(logits, shape.ClassCount, labels, gradient, objective.CrossEntropy);
        if (total.Weight == 0)
        {
            gradient.Clear();
            return 0;
        }

        TensorPrimitives.Multiply(gradient, (float)(1 / total.Weight), gradient);
        return total.Mean;
    }

    /// <summary>The same with a weight per row: each row's loss and gradient are scaled on their own.</summary>
    private double WeightedLossAtTheOutput(
        ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, LabelledRows rows, ReadOnlySpan<int> batch, Span<float> gradient)
    {
        var classCount = shape.ClassCount;
        var options = objective.CrossEntropy;
        gradient.Clear();
        double totalWeight = 0;
        for (var row = 0; row < batch.Length; row++)
            totalWeight += (double)rows.WeightOf(batch[row]) * options.WeightOf(labels[row]);
        if (totalWeight == 0)
            return 0;

        double loss = 0;
        for (var row = 0; row < batch.Length; row++)
        {
            var share = rows.WeightOf(batch[row]) / totalWeight;
            if (share == 0)
                continue;
            var rowGradient = gradient.Slice(row * classCount, classCount);
            var total = CrossEntropy.RowsWithGradient(
                logits.Slice(row * classCount, classCount), classCount, labels.Slice(row, 1), rowGradient, options);
            TensorPrimitives.Multiply(rowGradient, (float)share, rowGradient);
            loss += share * total.Loss;
        }

        return loss;
    }

    private void Backward(ReadOnlySpan<float> parameters, int rowCount, Span<float> gradient)
    {
        var layers = shape.Layers;
        for (var index = layers.Length - 1; index > 0; index--)
        {
            var inputs = _outputs[index - 1].AsSpan(0, rowCount * layers[index].InputCount);
            var inputGradient = _outputGradients[index - 1].AsSpan(0, inputs.Length);
            layers[index].AddParameterGradient(inputs, _outputGradients[index], rowCount, gradient);
            layers[index].InputGradient(parameters, _outputGradients[index], rowCount, inputGradient, _weightScratch);
            ThroughReLU(inputs, inputGradient);
        }

        layers[0].AddParameterGradient(_inputs, _outputGradients[0], rowCount, gradient);
    }

    private static float[][] Buffers(NetworkShape shape, int batchSize) =>
        [.. shape.Layers.ToArray().Select(layer => new float[checked(batchSize * layer.OutputCount)])];

    [MethodImpl(Hot.Loop)]
    private static void ThroughReLU(ReadOnlySpan<float> activations, Span<float> gradient)
    {
        var index = 0;
        for (; index <= gradient.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var isPositive = Vector.GreaterThan(new Vector<float>(activations[index..]), Vector<float>.Zero);
            Vector.ConditionalSelect(isPositive, new Vector<float>(gradient[index..]), Vector<float>.Zero).CopyTo(gradient[index..]);
        }

        for (; index < gradient.Length; index++)
        {
            if (activations[index] <= 0)
                gradient[index] = 0;
        }
    }
}
