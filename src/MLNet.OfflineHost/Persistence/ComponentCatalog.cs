using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>What a saved model may name: the loadable classes of the assemblies registered so far.</summary>
public sealed class ComponentCatalog
{
    private const BindingFlags CreateMethod = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), MethodInfo> _makers = [];

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (LoadableClassAttributeBase attribute in assembly.GetCustomAttributes(typeof(LoadableClassAttributeBase)))
                AddClass(attribute, throwOnError);
        }
    }

    /// <summary>Null where no class is known under that name and signature.</summary>
    internal object CreateInstance(IHostEnvironment environment, Type signature, string name, object argument)
    {
        MethodInfo maker;
        lock (_lock)
        {
            if (!_makers.TryGetValue((name.Trim().ToLowerInvariant(), signature), out maker))
                return null;
        }

        try
        {
            return maker.Invoke(null, [environment, argument]);
        }
        catch (TargetInvocationException exception) when (exception.InnerException?.IsMarked() == true)
        {
            throw Contracts.Except("Error during class instantiation", exception);
        }
    }

    /// <summary>A loader has a static method Create that takes the environment and what the signature takes, and returns exactly the instance type.</summary>
    private void AddClass(LoadableClassAttributeBase attribute, bool throwOnError)
    {
        var maker = attribute.LoaderType.GetMethod("Create", CreateMethod, [typeof(IHostEnvironment), .. attribute.CtorTypes]);
        if (maker == null || maker.ReturnType != attribute.InstanceType)
        {
            if (throwOnError)
                throw Contracts.Except($"Can't instantiate loadable class '{attribute.InstanceType.Name}' with name '{attribute.LoadNames[0]}'");
            return;
        }

        foreach (var name in attribute.LoadNames)
        {
            if (!_makers.TryAdd((name.ToLowerInvariant(), attribute.SigTypes[0]), maker) && throwOnError)
            {
                throw Contracts.Except($"ComponentCatalog cannot map name '{name}' and SignatureType '{attribute.SigTypes[0]}' to " +
                    $"{attribute.InstanceType.Name}, already mapped.");
            }
        }
    }
}
