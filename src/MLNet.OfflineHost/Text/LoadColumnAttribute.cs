namespace Microsoft.ML.Data;

/// <summary>Which fields of a line of text the member is loaded from.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnAttribute : Attribute
{
    public LoadColumnAttribute(int fieldIndex) => Sources = [new TextLoader.Range(fieldIndex)];

    public LoadColumnAttribute(int start, int end) => Sources = [new TextLoader.Range(start, end)];

    public LoadColumnAttribute(int[] columnIndexes) => Sources = columnIndexes.Select(index => new TextLoader.Range(index)).ToArray();

    internal TextLoader.Range[] Sources { get; }
}
