using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>
/// Starting weights: uniform with He's variance 2 / inputs before a ReLU (He et al. 2015, "Delving Deep into Rectifiers"), with
/// Glorot's 2 / (inputs + outputs) in the last layer (Glorot and Bengio 2010); biases are zero.
/// </summary>
internal static class WeightInitialization
{
    public static float[] Create(NetworkShape shape, Random random)
    {
        var parameters = new float[shape.ParameterCount];
        var layers = shape.Layers;
        for (var index = 0; index < layers.Length; index++)
        {
            var layer = layers[index];
            var isLast = index == layers.Length - 1;
            var variance = isLast ? 2.0 / (layer.InputCount + layer.OutputCount) : 2.0 / layer.InputCount;
            // A uniform distribution on [-limit, limit] has the variance limit^2 / 3.
            var limit = Math.Sqrt(3 * variance);
            foreach (ref var weight in layer.Weights(parameters.AsSpan()))
                weight = (float)((2 * random.NextDouble() - 1) * limit);
        }

        return parameters;
    }
}
