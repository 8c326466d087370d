using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>The layers of a multilayer perceptron and where each one's parameters lie in one flat array.</summary>
internal sealed class NetworkShape
{
    private readonly DenseLayer[] _layers;

    /// <param name="unitCounts">The number of features, the units of each hidden layer (any number of layers), the number of classes.</param>
    /// <exception cref="ArgumentException">Fewer than two counts, a count below 1, or more parameters than one array can hold.</exception>
    public NetworkShape(params ReadOnlySpan<int> unitCounts)
    {
        if (unitCounts.Length < 2)
            throw new ArgumentException("A network needs at least its number of features and its number of classes.", nameof(unitCounts));

        _layers = new DenseLayer[unitCounts.Length - 1];
        long offset = 0;
        for (var index = 0; index < _layers.Length; index++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitCounts[index], nameof(unitCounts));
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitCounts[index + 1], nameof(unitCounts));
            _layers[index] = new DenseLayer(unitCounts[index], unitCounts[index + 1], (int)offset);
            offset += ((long)unitCounts[index] + 1) * unitCounts[index + 1];
            if (offset > Array.MaxLength)
            {
                throw new ArgumentException(
                    $"Layers of {string.Join(", ", unitCounts.ToArray())} units have more than {Array.MaxLength} weights; use smaller hidden layers.",
                    nameof(unitCounts));
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

    /// <summary>The units of the widest layer after the input: what one row needs as scratch space.</summary>
    public int WidestOutput => _layers.Max(layer => layer.OutputCount);
}
