namespace MLNet.Softmax.Numerics.Notebooks;

/// <summary>
/// Tells a notebook how to display a value. .NET Interactive finds an attribute of this name and reads its properties by name, so the
/// library needs no reference to it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = ["text/html"];
}
