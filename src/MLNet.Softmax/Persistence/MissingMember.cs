using Microsoft.ML;

namespace MLNet.Softmax.Persistence;

/// <summary>The error for an internal member of ML.NET that a bridge leans on and that the ML.NET in use does not have.</summary>
internal static class MissingMember
{
    public static NotSupportedException Of(Type type, string member, string purpose) => Of(type.FullName!, member, purpose);

    public static NotSupportedException Of(string type, string member, string purpose)
    {
        var mlNet = typeof(ITransformer).Assembly.GetName();
        return new NotSupportedException($"MLNet.Softmax {typeof(MissingMember).Assembly.GetName().Version} needs {type}.{member} {purpose}, and {mlNet.Name} {mlNet.Version} does not have it. Use a version of Microsoft.ML that this version of MLNet.Softmax supports (5.0.0 does), or update MLNet.Softmax.");
    }
}
