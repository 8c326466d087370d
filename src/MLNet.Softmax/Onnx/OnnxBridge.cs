using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using MLNet.Softmax.Pipeline;

namespace MLNet.Softmax.Onnx;

/// <summary>
/// Makes the data views of this library's transformers, so that ML.NET's ConvertToOnnx walks over them. It looks for data views that implement
/// its internal <c>Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx</c> (<c>Source</c>, <c>Save</c>, <c>CanSaveOnnx</c>,
/// <c>SaveAsOnnx</c>), which no code outside ML.NET can name; so a class that implements it by calling <see cref="MappedDataView"/> is made
/// once per process. Where the interface is missing or has grown, views are plain, and ConvertToOnnx begins after them as after any
/// view that is not ML.NET's: their columns are inputs of the graph.
/// </summary>
internal sealed class OnnxBridge
{
    private const string InterfaceName = "Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx";

    private readonly ConstructorInfo? _exportableView;

    /// <param name="mlNet">The assembly of ML.NET that holds the interface, if it does.</param>
    public OnnxBridge(Assembly mlNet)
    {
        var exportable = mlNet.GetType(InterfaceName);
        if (exportable is null || !RuntimeFeature.IsDynamicCodeSupported) return;
        try
        {
            _exportableView = Emit(exportable).GetConstructors().Single();
        }
        catch (Exception exception) when (exception is TypeLoadException or MissingMethodException)
        {
            // The interface asks for more than is known here.
            _exportableView = null;
        }
    }

    public static OnnxBridge ForThisMLNet { get; } = new(typeof(MLContext).Assembly);

    public IDataView CreateView(RowToRowTransformer transformer, RowMapping mapping, IDataView source) => _exportableView is null
        ? new MappedDataView(transformer, mapping, source)
        : (IDataView)_exportableView.Invoke([transformer, mapping, source]);

    private static Type Emit(Type exportable)
    {
        var interfaces = exportable.GetInterfaces().Append(exportable).ToArray();
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("MLNet.Softmax.Onnx.Views"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Views");
        var ignoresAccessChecks = EmitIgnoresAccessChecksTo(module);
        foreach (var name in interfaces.Append(typeof(MappedDataView)).Select(type => type.Assembly.GetName().Name!).Distinct())
            assembly.SetCustomAttribute(new CustomAttributeBuilder(ignoresAccessChecks, [name]));

        var view = module.DefineType("ExportableDataView", TypeAttributes.Public | TypeAttributes.Sealed, typeof(MappedDataView), [exportable]);
        EmitConstructor(view, typeof(MappedDataView).GetConstructors().Single());
        foreach (var method in interfaces.SelectMany(type => type.GetMethods()))
            if (ForwardingTarget(method) is { } target) EmitForward(view, method, target);
        return view.CreateType();
    }

    private static MethodInfo? ForwardingTarget(MethodInfo method) => method.Name switch
    {
        "get_Source" => typeof(MappedDataView).GetProperty(nameof(MappedDataView.Source))!.GetMethod,
        "Save" => typeof(MappedDataView).GetMethod(nameof(MappedDataView.SaveTransformer)),
        "CanSaveOnnx" => typeof(MappedDataView).GetMethod(nameof(MappedDataView.CanSaveOnnx)),
        "SaveAsOnnx" => typeof(MappedDataView).GetMethod(nameof(MappedDataView.SaveAsOnnx)),
        // IDataView's own, which the base class implements.
        _ => null,
    };

    private static void EmitForward(TypeBuilder view, MethodInfo declaration, MethodInfo target)
    {
        var parameters = declaration.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var forward = view.DefineMethod(
            $"{declaration.DeclaringType!.Name}.{declaration.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Final,
            declaration.ReturnType,
            parameters);
        var code = forward.GetILGenerator();
        for (var argument = target.IsStatic ? 1 : 0; argument <= parameters.Length; argument++) code.Emit(OpCodes.Ldarg, (short)argument);
        code.Emit(OpCodes.Call, target);
        code.Emit(OpCodes.Ret);
        view.DefineMethodOverride(forward, declaration);
    }

    private static void EmitConstructor(TypeBuilder type, ConstructorInfo baseConstructor)
    {
        var parameters = baseConstructor.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
        for (var argument = 0; argument <= parameters.Length; argument++) code.Emit(OpCodes.Ldarg, (short)argument);
        code.Emit(OpCodes.Call, baseConstructor);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>The runtime knows this attribute by its name: an assembly that carries it may use the internals of the one it names.</summary>
    private static ConstructorInfo EmitIgnoresAccessChecksTo(ModuleBuilder module)
    {
        var attribute = module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public | TypeAttributes.Class, typeof(Attribute));
        var code = attribute.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.NonPublic | BindingFlags.Instance, [])!);
        code.Emit(OpCodes.Ret);
        return attribute.CreateType().GetConstructor([typeof(string)])!;
    }
}
