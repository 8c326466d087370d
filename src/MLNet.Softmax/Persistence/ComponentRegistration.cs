using System.Reflection;
using Microsoft.ML;

namespace MLNet.Softmax.Persistence;

/// <summary>
/// Tells ML.NET's component catalog how to load this library's transformers. The catalog learns of loadable classes from attributes of an
/// assembly, and the attribute is internal to ML.NET; so it is handed an assembly that answers with attributes made by reflection.
/// Leans on the internal <c>Microsoft.ML.LoadableClassAttribute</c>, its base and <c>Microsoft.ML.SignatureLoadModel</c>.
/// </summary>
internal sealed class ComponentRegistration : Assembly
{
    private const string Purpose = "to load a model";

    private readonly Lazy<Attribute[]> _attributes = new(() => [.. LoadableTransformers().Select(Describe)]);

    private ComponentRegistration()
    {
    }

    public static ComponentRegistration Instance { get; } = new();

    /// <summary>The catalog registers an assembly of this name once.</summary>
    public override string FullName => "MLNet.Softmax.ComponentRegistration";

    public override object[] GetCustomAttributes(Type attributeType, bool inherit)
    {
        if (attributeType.FullName is not ("Microsoft.ML.LoadableClassAttributeBase" or "Microsoft.ML.LoadableClassAttribute"))
            return (object[])Array.CreateInstance(attributeType, 0);
        var attributes = Array.CreateInstance(attributeType, _attributes.Value.Length);
        _attributes.Value.CopyTo(attributes, 0);
        return (object[])attributes;
    }

    public override Type[] GetTypes() => [];

    public override Type[] GetExportedTypes() => [];

    public override AssemblyName GetName() => new(FullName);

    /// <summary>The transformers of this library that model files can hold.</summary>
    internal static IEnumerable<Type> LoadableTransformers() =>
        typeof(ComponentRegistration).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RowToRowTransformer)) && type.IsDefined(typeof(ModelFormatAttribute), inherit: false));

    private static Attribute Describe(Type transformer)
    {
        var format = transformer.GetCustomAttribute<ModelFormatAttribute>()!;
        var loadableClass = Internal("Microsoft.ML.LoadableClassAttribute");
        var constructor = loadableClass.GetConstructor([typeof(Type), typeof(Type), typeof(Type), typeof(Type), typeof(string), typeof(string[])])
            ?? throw MissingMember.Of(loadableClass, ".ctor(Type, Type, Type, Type, string, string[])", Purpose);
        return (Attribute)constructor.Invoke([
            typeof(ITransformer), typeof(TransformerLoader<>).MakeGenericType(transformer), null,
            Internal("Microsoft.ML.SignatureLoadModel"), transformer.Name, new[] { format.LoaderSignature }]);
    }

    private static Type Internal(string name) =>
        typeof(ITransformer).Assembly.GetType(name) ?? throw MissingMember.Of(name, "(the type)", Purpose);
}
