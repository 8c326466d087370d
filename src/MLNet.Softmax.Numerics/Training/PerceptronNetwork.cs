using System.Numerics.Tensors;

namespace MLNet.Softmax.Numerics.Training;

/// <summary>A trained perceptron: standardised features, dense layers with ReLU between them, and logits from the last layer.</summary>
/// <remarks>Immutable and thread-safe, if each thread has its own <see cref="Scratch"/>.</remarks>
internal sealed class PerceptronNetwork
{
    private readonly float[] _parameters;

    public PerceptronNetwork(NetworkShape shape, FeatureStandardization standardization, float[] parameters)
    {
        if (parameters.Length != shape.ParameterCount)
            throw new ArgumentException(
                $"The network has {shape.ParameterCount} parameters, but {parameters.Length} were given.", nameof(parameters));
        if (standardization.FeatureCount != shape.FeatureCount)
            throw new ArgumentException(
                $"The network takes {shape.FeatureCount} features, but {standardization.FeatureCount} are standardised.",
                nameof(standardization));
        Shape = shape;
        Standardization = standardization;
        _parameters = parameters;
    }

    public NetworkShape Shape { get; }

    public FeatureStandardization Standardization { get; }

    public ReadOnlySpan<float> Parameters => _parameters;

    /// <summary>Writes one row's logits.</summary>
    public void Score(ReadOnlySpan<float> features, Span<float> logits, Scratch scratch)
    {
        var inputs = scratch.Features.AsSpan();
        Standardization.Apply(features, inputs);
        var layers = Shape.Layers;
        for (var index = 0; index < layers.Length - 1; index++)
        {
            var outputs = (index % 2 == 0 ? scratch.Even : scratch.Odd).AsSpan(0, layers[index].OutputCount);
            layers[index].Forward(_parameters, inputs, 1, outputs);
            TensorPrimitives.Max(outputs, 0f, outputs);
            inputs = outputs;
        }

        layers[^1].Forward(_parameters, inputs, 1, logits);
    }

    /// <summary>The buffers to score one row; one instance per thread.</summary>
    public sealed class Scratch(NetworkShape shape)
    {
        internal float[] Features { get; } = new float[shape.FeatureCount];

        internal float[] Even { get; } = new float[shape.WidestOutput];

        internal float[] Odd { get; } = new float[shape.WidestOutput];
    }
}

/// <summary>The layers of a multilayer perceptron, and the place of each one's parameters in one flat array.</summary>
internal sealed class NetworkShape
{
    private readonly DenseLayer[] _layers;

    /// <param name="unitCounts">The number of features, the units of each hidden layer (any number), the number of classes.</param>
    /// <exception cref="ArgumentException">Fewer than two counts, a count below 1, or more parameters than one array can hold.</exception>
    public NetworkShape(params ReadOnlySpan<int> unitCounts)
    {
        if (unitCounts.Length < 2)
            throw new ArgumentException("A network needs at least its number of features and its number of classes.", nameof(unitCounts));

        foreach (var count in unitCounts)
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count, nameof(unitCounts));
        _layers = new DenseLayer[unitCounts.Length - 1];
        long offset = 0;
        for (var index = 0; index < _layers.Length; index++)
        {
            _layers[index] = new DenseLayer(unitCounts[index], unitCounts[index + 1], (int)offset);
            offset += ((long)unitCounts[index] + 1) * unitCounts[index + 1];
            if (offset > Array.MaxLength)
            {
                throw new ArgumentException(
                    $"Layers of {string.Join(", ", unitCounts.ToArray())} units have more than {Array.MaxLength} weights; "
                    + "use smaller hidden layers.", nameof(unitCounts));
            }
        }

        ParameterCount = (int)offset;
    }

    public ReadOnlySpan<DenseLayer> Layers => _layers;

    public int FeatureCount => _layers[0].InputCount;

    public int ClassCount => _layers[^1].OutputCount;

    /// <summary>The units of each hidden layer.</summary>
    public IReadOnlyList<int> HiddenLayers => Array.ConvertAll(_layers[..^1], layer => layer.OutputCount);

    public int ParameterCount { get; }

    /// <summary>The units of the widest layer after the input: the size of the buffers for one row.</summary>
    public int WidestOutput => _layers.Max(layer => layer.OutputCount);

    /// <summary>
    /// Starting weights: uniform with He's variance 2 / inputs before a ReLU (He et al. 2015, "Delving Deep into Rectifiers"), with
    /// Glorot's 2 / (inputs + outputs) in the last layer (Glorot and Bengio 2010). Biases are zero. Without hidden layers, all weights are
    /// zero too: softmax regression has one minimum, so random weights would only slow the training down.
    /// </summary>
    public float[] InitialParameters(Random random)
    {
        var parameters = new float[ParameterCount];
        if (_layers.Length == 1)
            return parameters;
        foreach (var layer in _layers)
        {
            var isLast = layer == _layers[^1];
            var variance = isLast ? 2.0 / (layer.InputCount + layer.OutputCount) : 2.0 / layer.InputCount;
            // A uniform distribution on [-limit, limit] has the variance limit^2 / 3.
            var limit = Math.Sqrt(3 * variance);
            foreach (ref var weight in layer.Weights(parameters.AsSpan()))
                weight = (float)((2 * random.NextDouble() - 1) * limit);
        }

        return parameters;
    }

    /// <summary>
    /// The parameters with the weights of each layer output by output, as in model files, converted from the input-by-input layout.
    /// </summary>
    public float[] ByOutput(ReadOnlySpan<float> parameters) => Transposed(parameters, layer => (layer.InputCount, layer.OutputCount));

    /// <summary>The inverse of <see cref="ByOutput"/>.</summary>
    public float[] ByInput(ReadOnlySpan<float> parameters) => Transposed(parameters, layer => (layer.OutputCount, layer.InputCount));

    private float[] Transposed(ReadOnlySpan<float> parameters, Func<DenseLayer, (int Rows, int Columns)> sizeOf)
    {
        var transposed = parameters.ToArray();
        foreach (var layer in _layers)
        {
            var (rows, columns) = sizeOf(layer);
            Matrix.Transpose(layer.Weights(parameters), layer.Weights(transposed.AsSpan()), rows, columns);
        }

        return transposed;
    }
}

/// <summary>
/// One fully connected layer, output = W input + b, as a view of a flat parameter array: W, then b. W lies input by input (all weights of
/// the first input, then of the second), so that a vector holds the weights of neighbouring outputs.
/// </summary>
/// <param name="InputCount">The number of inputs, at least 1.</param>
/// <param name="OutputCount">The number of outputs, at least 1.</param>
/// <param name="Offset">Where the layer's parameters begin in the flat array.</param>
internal readonly record struct DenseLayer(int InputCount, int OutputCount, int Offset)
{
    public int WeightCount => InputCount * OutputCount;

    public Span<float> Weights(Span<float> parameters) => parameters.Slice(Offset, WeightCount);

    public ReadOnlySpan<float> Weights(ReadOnlySpan<float> parameters) => parameters.Slice(Offset, WeightCount);

    public Span<float> Biases(Span<float> parameters) => parameters.Slice(Offset + WeightCount, OutputCount);

    public ReadOnlySpan<float> Biases(ReadOnlySpan<float> parameters) => parameters.Slice(Offset + WeightCount, OutputCount);

    /// <summary>Writes W x + b for each of <paramref name="rowCount"/> rows of inputs.</summary>
    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> inputs, int rowCount, Span<float> outputs)
    {
        for (var row = 0; row < rowCount; row++)
            Biases(parameters).CopyTo(outputs[(row * OutputCount)..]);
        Matrix.AddProduct(inputs, Weights(parameters), outputs, rowCount, InputCount, OutputCount);
    }

    /// <summary>Adds the batch's share to the gradient of the parameters.</summary>
    public void AddParameterGradient(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> outputGradient, int rowCount, Span<float> parameterGradient)
    {
        Matrix.AddProductOfTransposed(inputs, outputGradient, Weights(parameterGradient), InputCount, rowCount, OutputCount);
        var biases = Biases(parameterGradient);
        for (var row = 0; row < rowCount; row++)
            TensorPrimitives.Add(biases, outputGradient.Slice(row * OutputCount, OutputCount), biases);
    }

    /// <summary>Writes the gradient with respect to the layer's inputs.</summary>
    /// <param name="parameters">The parameters of all layers.</param>
    /// <param name="outputGradient">The gradient with respect to the outputs, row after row.</param>
    /// <param name="rowCount">The number of rows.</param>
    /// <param name="inputGradient">Overwritten, row after row.</param>
    /// <param name="scratch">Room for the weights of the layer.</param>
    public void InputGradient(
        ReadOnlySpan<float> parameters, ReadOnlySpan<float> outputGradient, int rowCount, Span<float> inputGradient, Span<float> scratch)
    {
        Matrix.Transpose(Weights(parameters), scratch, InputCount, OutputCount);
        inputGradient.Clear();
        Matrix.AddProduct(outputGradient, scratch, inputGradient, rowCount, OutputCount, InputCount);
    }
}
