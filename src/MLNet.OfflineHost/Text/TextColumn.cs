using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>A column of a text file: its type, and the fields of a line that its slots come from.</summary>
internal sealed class TextColumn
{
    private readonly DataKind _kind;

    public TextColumn(TextLoader.Column column, int[] fieldCounts)
    {
        if (string.IsNullOrWhiteSpace(column.Name))
            throw new ArgumentNullException(nameof(column.Name));
        Name = column.Name.Trim();
        _kind = column.DataKind;
        ItemType = TextValue.ColumnType(_kind);
        if (column.KeyCount?.Count is { } count)
            ItemType = new KeyDataViewType(ItemType.RawType, count);
        Fields = (column.Source ?? []).SelectMany(range => FieldsOf(range, fieldCounts)).ToArray();
        if (Fields.Length == 0 || Fields.Distinct().Count() < Fields.Length)
            throw new ArgumentOutOfRangeException(nameof(column.Source), $"The column '{Name}' has no fields, or its ranges overlap.");
        Type = Fields.Length > 1 || column.Source[0].ForceVector ? new VectorDataViewType(ItemType, Fields.Length) : ItemType;
    }

    public string Name { get; }
    public PrimitiveDataViewType ItemType { get; }
    public DataViewType Type { get; }
    public int[] Fields { get; }

    /// <summary>The header's fields as the names of a vector's slots; null where it names none.</summary>
    public DataViewSchema.Annotations SlotNames(List<ReadOnlyMemory<char>> header)
    {
        var names = Fields.Select(field => field < header.Count ? header[field].Trim().ToString().AsMemory() : default).ToArray();
        if (Type is not VectorDataViewType || names.All(name => name.IsEmpty))
            return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(AnnotationUtils.Kinds.SlotNames, new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref value));
        return builder.ToAnnotations();
    }

    public TextColumnReader CreateReader(bool missingRealsAsNaNs)
    {
        var parse = ItemType is KeyDataViewType key
            ? GenericMethod.Call(typeof(TextValue), nameof(TextValue.KeyParser), [ItemType.RawType], null, key.Count)
            : TextValue.Parser(_kind);
        var blanksAreNaN = missingRealsAsNaNs && _kind is DataKind.Single or DataKind.Double;
        return (TextColumnReader)GenericMethod.Call(
            typeof(TextColumnReader), nameof(TextColumnReader.Create), [ItemType.RawType], null, this, parse, blanksAreNaN);
    }

    private static IEnumerable<int> FieldsOf(TextLoader.Range range, int[] fieldCounts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(range.Min);
        if (range.Max == null && fieldCounts.Length != 1)
            throw new ArgumentOutOfRangeException(
                nameof(TextLoader.Column.Source), $"Where a range has no end, all lines have equally many fields, but they have [{string.Join(", ", fieldCounts)}].");
        return Enumerable.Range(range.Min, Math.Max(0, (range.Max + 1 ?? fieldCounts[0]) - range.Min));
    }
}
