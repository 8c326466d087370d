namespace MLNet.Softmax.Numerics.Notebooks;

/// <summary>
/// Tells a notebook how a value shows itself. .NET Interactive looks for an attribute of this name, and reads its properties by name,
/// so that a library needs no reference to it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = ["text/html"];
}
