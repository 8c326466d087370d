using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Softmax.Persistence;

/// <summary>
/// Finds the environment (log, component catalog) behind one of MLContext's catalogs.
/// Leans on the internal <c>Microsoft.ML.Data.IInternalCatalog.Environment</c>.
/// </summary>
internal static class CatalogBridge
{
    private const string InterfaceName = "Microsoft.ML.Data.IInternalCatalog";

    /// <summary>
    /// The environment of <paramref name="catalog"/>, in which this library's transformers can be loaded from now on.
    /// Every extension method of this library begins with it.
    /// </summary>
    public static IHostEnvironment Enter(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var property = catalog.GetType().GetInterface(InterfaceName)?.GetProperty("Environment");
        if (property?.GetValue(catalog) is not IHostEnvironment environment)
            throw MissingMember.Of(InterfaceName, "Environment", $"to write to the log of the MLContext behind {catalog.GetType().Name}");
        environment.ComponentCatalog.RegisterSoftmax();
        return environment;
    }
}
