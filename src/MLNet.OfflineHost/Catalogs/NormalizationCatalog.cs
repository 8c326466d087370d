using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class NormalizationCatalog
{
    public static NormalizingEstimator NormalizeMinMax(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName = null,
        long maximumExampleCount = 1000000000,
        bool fixZero = true)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new(new(outputColumnName, inputColumnName), maximumExampleCount, fixZero);
    }
}
