using Microsoft.ML;

namespace MLNet.Softmax.Persistence;

/// <summary>The error for an internal member of ML.NET that a bridge leans on and that the ML.NET in use does not have.</summary>
internal static class MissingMember
{
    public static NotSupportedException Of(Type type, string member, string purpose) => Of(type.FullName!, member, purpose);

    public static NotSupportedException Of(string type, string member, string purpose)
    {
        var mlNet = typeof(ITransformer).Assembly.GetName();
        return new NotSupportedException(
            $"MLNet.Softmax {typeof(MissingMember).Assembly.GetName().Version} needs {type}.{member} {purpose}, and {mlNet.Name} "
            + $"{mlNet.Version} does not have it. Use Microsoft.ML 5.0.0, with which this version of MLNet.Softmax works, or update MLNet.Softmax.");
    }
}
