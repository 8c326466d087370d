using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>A trained perceptron: standardised features through dense layers with ReLU between them; the last layer gives the logits.</summary>
/// <remarks>Immutable, so that any number of threads may score with one instance, each with its own <see cref="Scratch"/>.</remarks>
internal sealed class PerceptronNetwork
{
    private readonly float[] _parameters;

    public PerceptronNetwork(NetworkShape shape, FeatureStandardization standardization, float[] parameters)
    {
        if (parameters.Length != shape.ParameterCount)
            throw new ArgumentException($"The network has {shape.ParameterCount} parameters, but {parameters.Length} were given.", nameof(parameters));
        if (standardization.FeatureCount != shape.FeatureCount)
            throw new ArgumentException($"The network takes {shape.FeatureCount} features, but {standardization.FeatureCount} are standardised.", nameof(standardization));
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

    /// <summary>What scoring one row needs; one per thread.</summary>
    public sealed class Scratch(NetworkShape shape)
    {
        internal float[] Features { get; } = new float[shape.FeatureCount];

        internal float[] Even { get; } = new float[shape.WidestOutput];

        internal float[] Odd { get; } = new float[shape.WidestOutput];
    }
}
