using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.TestSupport;

/// <summary>Prints the public surface of types by reflection, in the words of the list of ML.NET's surface.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly HashSet<string> Inherited = ["Equals", "GetHashCode", "ToString"];

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte", [typeof(byte)] = "byte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double",
    };

    public static SurfaceType Print(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return new SurfaceType($"{type.Namespace}: delegate {Name(invoke.ReturnType)} {Name(type)}({Parameters(invoke)})", [], []);
        }
        var heading = $"{type.Namespace}: {Kind(type)} {Name(type)}";
        if (type.IsEnum)
        {
            return new SurfaceType(heading, [], type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{field.Name}={Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}").ToHashSet());
        }
        var bases = type.GetInterfaces().Where(type => type.IsVisible).Select(Name).ToHashSet();
        if (type.BaseType is { } baseType && baseType != typeof(object) && baseType != typeof(ValueType))
            bases.Add(Name(baseType));
        return new SurfaceType(heading, bases, Members(type).ToHashSet());
    }

    public static HashSet<string> SplitBases(string bases)
    {
        var split = new HashSet<string>();
        int depth = 0, start = 0;
        for (var i = 0; i <= bases.Length; i++)
        {
            if (i == bases.Length || (depth == 0 && bases[i] == ','))
            {
                split.Add(bases[start..i].Trim());
                start = i + 1;
            }
            else
                depth += bases[i] switch { '<' => 1, '>' => -1, _ => 0 };
        }
        return split;
    }

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared).Where(constructor => IsVisible(constructor) && !constructor.IsStatic))
            yield return $"{(constructor.IsFamily || constructor.IsFamilyOrAssembly ? "protected " : "")}ctor({Parameters(constructor)})";
        foreach (var property in type.GetProperties(Declared))
        {
            var accessors = property.GetAccessors(true).Where(IsVisible).ToArray();
            if (accessors.Length == 0)
                continue;
            var name = property.GetIndexParameters().Length > 0 ? $"this[{Parameters(property.GetIndexParameters())}]" : property.Name;
            var get = accessors.Any(accessor => accessor.ReturnType != typeof(void)) ? "get; " : "";
            var set = accessors.Any(accessor => accessor.ReturnType == typeof(void)) ? "set; " : "";
            yield return $"{Modifiers(accessors[0])}{Name(property.PropertyType)} {name} {{ {get}{set}}}";
        }
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic))
            yield return $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}";
        foreach (var @event in type.GetEvents(Declared).Where(@event => IsVisible(@event.AddMethod!)))
            yield return $"event {Name(@event.EventHandlerType!)} {@event.Name}";
        foreach (var method in type.GetMethods(Declared).Where(method => IsVisible(method) && !method.IsSpecialName))
        {
            if (!Inherited.Contains(method.Name))
                yield return $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{TypeArguments(method.GetGenericArguments())}({Parameters(method)})";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Kind(Type type) => type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
        : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";

    private static string Modifiers(MethodInfo method)
    {
        var access = method.IsPublic ? "" : "protected ";
        if (method.DeclaringType!.IsInterface)
            return access;
        return access + (method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal ? "virtual " : "");
    }

    private static string Parameters(MethodBase method)
        => (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + Parameters(method.GetParameters());

    private static string Parameters(IEnumerable<ParameterInfo> parameters) => string.Join(", ", parameters.Select(parameter =>
    {
        var kind = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        return $"{kind}{Name(type)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue, type)}" : "")}";
    }));

    private static string Literal(object? value, Type type) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        _ when type.IsEnum => Enum.GetName(type, value) ?? value.ToString()!,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Name(underlying) + "?";
        if (type.IsGenericParameter)
            return type.Name;
        var owned = type.DeclaringType == null ? 0 : type.DeclaringType.GetGenericArguments().Length;
        var name = type.Name.Split('`')[0] + TypeArguments(type.GetGenericArguments()[owned..]);
        return type.DeclaringType is { } outer ? $"{outer.Name.Split('`')[0]}.{name}" : name;
    }

    private static string TypeArguments(Type[] arguments) => arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(Name))}>";
}
