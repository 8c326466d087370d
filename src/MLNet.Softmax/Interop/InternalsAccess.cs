using System.Runtime.CompilerServices;

// The ML.NET members that a component needs to be saved, loaded and exported are internal. Publicize.targets makes these members visible to
// the compiler; the runtime honours the attribute below.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows this attribute by its name: the assembly that carries it may use the internals of the one it names.</summary>
/// <param name="assemblyName">The simple name of the assembly.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
