using System.Globalization;
using System.Reflection;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Every value that a caller gets without asking: defaults of options and arguments, constants, enumerations.</summary>
public sealed class DefaultsTests
{
    [Fact]
    public void DefaultsAndConstants_OfThePublicTypes()
    {
        var types = typeof(TopK).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal);
        ApprovedText.Check(
            "MLNet.Softmax.Numerics.Tests/Approved/defaults", string.Concat(types.SelectMany(Lines).Select(line => $"{line}\n")));
    }

    private static IEnumerable<string> Lines(Type type)
    {
        const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        if (type.IsEnum)
            return type.GetEnumValues().Cast<object>().Select(value => $"{type.Name}.{value} = {Convert.ToInt32(value)}");
        var constants = type.GetFields(Members).Where(field => field.IsLiteral)
            .Select(field => $"{type.Name}.{field.Name} = {Shown(field.GetRawConstantValue())}");
        var options = type.Name.EndsWith("Options", StringComparison.Ordinal) && type.IsClass
            ? type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => $"{type.Name}.{property.Name} = {Shown(property.GetValue(Activator.CreateInstance(type)))}")
            : [];
        var arguments =
            from method in type.GetConstructors(Members).Concat<MethodBase>(type.GetMethods(Members))
            from parameter in method.GetParameters()
            where parameter.HasDefaultValue
            select $"{type.Name}.{method.Name}({parameter.Name} = {Shown(parameter.DefaultValue)})";
        return constants.Concat(options).Concat(arguments).Order(StringComparer.Ordinal);
    }

    private static string Shown(object? value) => value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
