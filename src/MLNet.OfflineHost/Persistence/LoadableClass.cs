using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>
/// How an instance of a loadable class is made: its constructor, or a static method Create that returns exactly the instance type.
/// Either may take the environment first; of the two the more visible one is used.
/// </summary>
internal sealed class LoadableClass
{
    private const BindingFlags AnyVisibility = BindingFlags.Public | BindingFlags.NonPublic;
    private readonly MethodBase _maker;
    private readonly bool _takesEnvironment;

    private LoadableClass(MethodBase maker, bool takesEnvironment)
    {
        _maker = maker;
        _takesEnvironment = takesEnvironment;
    }

    /// <summary>Null where the class can be made in neither way.</summary>
    public static LoadableClass Find(LoadableClassAttributeBase attribute)
    {
        Type[] withEnvironment = [typeof(IHostEnvironment), .. attribute.CtorTypes];
        var constructor = FindEither(attribute.CtorTypes, withEnvironment, types =>
            attribute.InstanceType.IsAssignableFrom(attribute.LoaderType)
                ? attribute.LoaderType.GetConstructor(BindingFlags.Instance | AnyVisibility, types)
                : null);
        var create = FindEither(attribute.CtorTypes, withEnvironment, types => FindCreate(attribute, types));
        if (constructor != null && create != null && Visibility(constructor._maker) == Visibility(create._maker))
        {
            throw Contracts.Except($"Can't load type {attribute.InstanceType}, because it has both create and constructor methods " +
                "with the same visibility. Please indicate which one should be used by changing either the signature or the visibility of one of them.");
        }

        if (constructor == null || create == null)
            return constructor ?? create;
        return Visibility(constructor._maker) > Visibility(create._maker) ? constructor : create;
    }

    public object Create(IHostEnvironment environment, object argument)
    {
        object[] arguments = _takesEnvironment ? [environment, argument] : [argument];
        try
        {
            return _maker is ConstructorInfo constructor ? constructor.Invoke(arguments) : _maker.Invoke(null, arguments);
        }
        catch (TargetInvocationException exception) when (exception.InnerException?.IsMarked() == true)
        {
            throw Contracts.Except("Error during class instantiation", exception);
        }
    }

    private static LoadableClass FindEither(Type[] plain, Type[] withEnvironment, Func<Type[], MethodBase> find)
    {
        if (find(plain) is { } maker)
            return new LoadableClass(maker, takesEnvironment: false);
        return find(withEnvironment) is { } environmentMaker ? new LoadableClass(environmentMaker, takesEnvironment: true) : null;
    }

    private static MethodInfo FindCreate(LoadableClassAttributeBase attribute, Type[] types)
    {
        var method = attribute.LoaderType.GetMethod("Create", BindingFlags.Static | AnyVisibility, types);
        return method?.ReturnType == attribute.InstanceType ? method : null;
    }

    private static int Visibility(MethodBase method)
    {
        if (method.IsPublic)
            return 5;
        if (method.IsAssembly)
            return 4;
        if (method.IsFamilyOrAssembly)
            return 3;
        if (method.IsFamily)
            return 2;
        return method.IsPrivate ? 1 : 0;
    }
}
