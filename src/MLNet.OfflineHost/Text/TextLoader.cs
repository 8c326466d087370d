using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads lines of separated fields as rows.</summary>
public sealed partial class TextLoader
{
    private const int SampledLines = 100;

    private readonly IHostEnvironment _environment;
    private readonly Options _options;
    private readonly TextColumn[] _columns;

    /// <param name="environment">Hears of values that cannot be read.</param>
    /// <param name="options">How lines are read, and into which columns.</param>
    /// <param name="sample">A file whose lines tell how many fields there are and what the header names them; may be null.</param>
    internal TextLoader(IHostEnvironment environment, Options options, string sample)
    {
        _environment = environment;
        _options = options ?? new Options();
        RequireSeparators(_options.Separators);
        var columns = _options.Columns is { Length: > 0 } given ? given
            : [new Column("Label", DataKind.Single, 0), new Column("Features", DataKind.Single, [new Range(1, null)])];
        var splitter = new FieldSplitter(_options);
        var lines = sample == null ? [] : TextLines.Sample(sample, SampledLines);
        var fieldCount = columns.Any(column => column.Source?.Any(range => range.AutoEnd && range.Max == null) == true)
            ? CountFields(splitter, lines) : 0;
        _columns = columns.Select(column => new TextColumn(column, fieldCount)).ToArray();
        var builder = new DataViewSchema.Builder();
        var header = _options.HasHeader && lines.Count > 0 ? splitter.Split(lines[0].Text) : null;
        foreach (var column in _columns)
            builder.AddColumn(column.Name, column.Type, header == null ? null : column.SlotNames(header));
        Schema = builder.ToSchema();
    }

    internal DataViewSchema Schema { get; }

    internal static Options OptionsFor<TInput>(Options options)
    {
        var members = typeof(TInput).GetFields(BindingFlags.Public | BindingFlags.Instance).Concat<MemberInfo>(
            typeof(TInput).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetGetMethod() != null && property.GetIndexParameters().Length == 0)).ToArray();
        if (members.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(TInput), $"{typeof(TInput)} has no public field or property to load a column into.");
        options.Columns = members.Select(member =>
        {
            var load = member.GetCustomAttribute<LoadColumnAttribute>()
                ?? throw Contracts.Except($"The member '{member.Name}' of {typeof(TInput)} has no {nameof(LoadColumnAttribute)}.");
            var type = MemberType.TypeOf(member);
            var kind = TextValue.KindOf(type.IsArray ? type.GetElementType() : type)
                ?? throw Contracts.Except($"The member '{member.Name}' is of type {type}, which no text is read as.");
            var key = member.GetCustomAttribute<KeyTypeAttribute>();
            return new Column(member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name, kind, load.Sources,
                key == null ? null : new KeyCount(key.Count));
        }).ToArray();
        return options;
    }

    internal IDataView LoadFile(string path) => new TextDataView(_environment, path, _options, Schema, _columns);

    private static void RequireSeparators(char[] separators)
    {
        if (separators is not { Length: > 0 })
            throw new ArgumentOutOfRangeException(nameof(Options.Separators), "At least one separator is needed.");
        foreach (var separator in separators)
        {
            if ("\0\r\n\"0123456789".Contains(separator))
                throw new ArgumentOutOfRangeException(nameof(Options.Separators), $"The character '{separator}' cannot separate fields.");
        }
    }

    private static int CountFields(FieldSplitter splitter, List<TextLine> lines)
    {
        var counts = lines.Select(line => splitter.Split(line.Text).Count).Distinct().ToArray();
        return counts.Length switch
        {
            1 => counts[0],
            0 => throw new ArgumentOutOfRangeException(
                nameof(Column.Source), "A range without an end needs lines of text to count fields in, and there are none."),
            _ => throw new ArgumentOutOfRangeException(
                nameof(Column.Source), $"A range without an end needs equally many fields in every line, but there are {counts.Min()} to {counts.Max()}."),
        };
    }
}
