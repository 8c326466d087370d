using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Finds out which columns a text file has, from options or from a class's members.</summary>
internal static class TextColumnBinder
{
    private const int SampledLines = 100;

    /// <param name="options">How lines are read, and into which columns.</param>
    /// <param name="sample">A file whose lines tell how many fields there are and what the header names them; may be null.</param>
    public static (TextColumn[] Columns, DataViewSchema Schema) Bind(TextLoader.Options options, string sample)
    {
        if (options.Separators is not { Length: > 0 } || options.Separators.Any("\0\r\n\"0123456789".Contains))
            throw new ArgumentOutOfRangeException(nameof(options.Separators), $"The characters '{string.Concat(options.Separators ?? [])}' cannot separate fields.");
        var given = options.Columns is { Length: > 0 } some ? some
            : [new("Label", DataKind.Single, 0), new("Features", DataKind.Single, [new(1, null)])];
        var splitter = new FieldSplitter(options);
        var lines = sample == null ? [] : TextLines.Sample(sample, SampledLines);
        var fieldCounts = lines.Select(line => splitter.Split(line).Count).Distinct().ToArray();
        var columns = given.Select(column => new TextColumn(column, fieldCounts)).ToArray();
        var header = options.HasHeader && lines.Count > 0 ? splitter.Split(lines[0]) : [];
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.SlotNames(header));
        return (columns, builder.ToSchema());
    }

    public static TextLoader.Column[] ColumnsOf(Type type)
    {
        var members = type.GetFields(BindingFlags.Public | BindingFlags.Instance).Concat<MemberInfo>(
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetGetMethod() != null && property.GetIndexParameters().Length == 0)).ToArray();
        return members.Length == 0
            ? throw new ArgumentOutOfRangeException(nameof(type), $"{type} has no public field or property to load a column into.")
            : members.Select(ColumnOf).ToArray();
    }

    private static TextLoader.Column ColumnOf(MemberInfo member)
    {
        var load = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw Contracts.Except($"The member '{member.Name}' of {member.DeclaringType} has no {nameof(LoadColumnAttribute)}.");
        var type = MemberType.TypeOf(member);
        var kind = TextValue.KindOf(type.IsArray ? type.GetElementType() : type)
            ?? throw Contracts.Except($"The member '{member.Name}' is of type {type}, which no text is read as.");
        var key = member.GetCustomAttribute<KeyTypeAttribute>();
        return new TextLoader.Column(
            member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name, kind, load.Sources, key == null ? null : new KeyCount(key.Count));
    }
}
