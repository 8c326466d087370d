using System.Reflection;
using System.Runtime.CompilerServices;

namespace MLNet.Softmax.TestSupport;

/// <summary>Finds records whose decimals the compiler prints, which it does in the culture of the machine.</summary>
internal static class CultureOfRecords
{
    public static IEnumerable<string> PrintedByTheCompiler(Assembly assembly) => assembly.GetExportedTypes()
        .Where(type => type.GetProperties().Any(property =>
            property.PropertyType == typeof(double) || property.PropertyType == typeof(double?) || property.PropertyType == typeof(float)))
        .Select(type => type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance))
        .Where(method => method?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) == true)
        .Select(method => method!.DeclaringType!.Name);
}
