using System.Numerics.Tensors;
using Microsoft.ML;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Training;

/// <summary>A network in a model file: its unit counts, the means and scales of its features, its parameters.</summary>
internal static class NetworkFormat
{
    public static void Write(ModelWriter writer, PerceptronNetwork network)
    {
        int[] unitCounts = [network.Shape.FeatureCount, .. network.Shape.HiddenLayers, network.Shape.ClassCount];
        writer.Write(unitCounts);
        writer.Write(network.Standardization.Means);
        writer.Write(network.Standardization.Scales);
        writer.Write(network.Parameters);
    }

    public static PerceptronNetwork Read(ModelReader reader)
    {
        var unitCounts = reader.ReadInt32s();
        reader.Check(unitCounts.Length >= 2 && unitCounts.All(units => units > 0), $"layers of [{string.Join(", ", unitCounts.Take(20))}] units");
        long parameterCount = 0;
        for (var layer = 1; layer < unitCounts.Length && parameterCount <= Array.MaxLength; layer++)
            parameterCount += (unitCounts[layer - 1] + 1L) * unitCounts[layer];
        var means = reader.ReadSingles();
        var scales = reader.ReadSingles();
        var parameters = reader.ReadSingles();
        reader.Check(
            means.Length == unitCounts[0] && scales.Length == unitCounts[0] && parameters.Length == parameterCount,
            $"{means.Length} means, {scales.Length} scales and {parameters.Length} parameters for layers of [{string.Join(", ", unitCounts.Take(20))}] units");
        reader.Check(AreFinite(means) && AreFinite(scales) && AreFinite(parameters), "a number that is not finite");
        return new PerceptronNetwork(new NetworkShape(unitCounts), new FeatureStandardization(means, scales), parameters);
    }

    private static bool AreFinite(float[] numbers) => numbers.Length == 0 || float.IsFinite(TensorPrimitives.MaxMagnitude<float>(numbers));
}
