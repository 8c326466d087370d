using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How extension methods on a catalog reach the environment behind it.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

internal static class CatalogUtils
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog) => catalog.Environment;
}
