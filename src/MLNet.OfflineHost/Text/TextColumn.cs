using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>A column of a text file: its type, and the fields of a line that its slots come from.</summary>
internal sealed class TextColumn
{
    public TextColumn(TextLoader.Column column, int fieldCount)
    {
        if (string.IsNullOrWhiteSpace(column.Name))
            throw new ArgumentNullException(nameof(column.Name));
        Name = column.Name.Trim();
        if (column.Source is not { Length: > 0 } source)
            throw new ArgumentOutOfRangeException(nameof(column.Source), $"The column '{Name}' has no source fields.");
        Fields = source.SelectMany(range => FieldsOf(range, fieldCount)).ToArray();
        if (Fields.Distinct().Count() < Fields.Length)
            throw new ArgumentOutOfRangeException(nameof(column.Source), $"The ranges of the column '{Name}' overlap.");
        DataKind = column.DataKind;
        ItemType = TextValue.ColumnType(DataKind);
        if (column.KeyCount is { } keys)
            ItemType = new KeyDataViewType(ItemType.RawType, keys.Count ?? MaximumOf(ItemType.RawType));
        Type = Fields.Length > 1 || source[0].ForceVector ? new VectorDataViewType(ItemType, Fields.Length) : ItemType;
    }

    public string Name { get; }

    public DataKind DataKind { get; }

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
            (ref VBuffer<ReadOnlyMemory<char>> value) => VBuffer<ReadOnlyMemory<char>>.Copy(names, 0, ref value, names.Length));
        return builder.ToAnnotations();
    }

    public TextColumnReader CreateReader(bool missingRealsAsNaNs)
    {
        var parse = ItemType is KeyDataViewType key
            ? GenericMethod.Call(typeof(TextValue), nameof(TextValue.KeyParser), [ItemType.RawType], null, key.Count)
            : TextValue.Parser(DataKind);
        return (TextColumnReader)GenericMethod.Call(
            typeof(TextColumnReader), nameof(TextColumnReader.Create), [ItemType.RawType], null, this, parse, missingRealsAsNaNs);
    }

    private static IEnumerable<int> FieldsOf(TextLoader.Range range, int fieldCount)
    {
        var last = range.Max ?? (range.AutoEnd ? fieldCount - 1 : -1);
        if (range.Min < 0 || last < range.Min)
            throw new ArgumentOutOfRangeException(nameof(TextLoader.Range.Max), $"A range of fields from {range.Min} to {last} is empty.");
        return Enumerable.Range(range.Min, last - range.Min + 1);
    }

    private static ulong MaximumOf(Type type) => type == typeof(byte) ? byte.MaxValue : type == typeof(ushort) ? ushort.MaxValue
        : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;
}
