namespace Microsoft.ML;

internal delegate void SignatureLoadModel(ModelLoadContext ctx);

/// <summary>Says that a loader type makes instances of a type under a name that a saved model carries.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class LoadableClassAttribute : LoadableClassAttributeBase
{
    public LoadableClassAttribute(
        Type instType, Type loaderType, Type argType, Type sigType, string userName, params string[] loadNames)
        : base(instType, loaderType, argType, sigType, userName, loadNames)
    {
    }
}

internal abstract class LoadableClassAttributeBase : Attribute
{
    protected LoadableClassAttributeBase(
        Type instanceType, Type loaderType, Type argumentType, Type signatureType, string userName, string[] loadNames)
    {
        ArgumentNullException.ThrowIfNull(instanceType);
        ArgumentNullException.ThrowIfNull(loaderType);
        ArgumentNullException.ThrowIfNull(signatureType);
        InstanceType = instanceType;
        LoaderType = loaderType;
        SigTypes = [signatureType];
        LoadNames = loadNames.Length == 0 ? [userName] : loadNames;
        var parameters = signatureType.GetMethod("Invoke").GetParameters().Select(parameter => parameter.ParameterType);
        CtorTypes = argumentType == null ? [.. parameters] : [argumentType, .. parameters];
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type[] SigTypes { get; }

    public Type[] CtorTypes { get; }

    public string[] LoadNames { get; }
}
