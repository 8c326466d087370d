using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.Softmax.Tool.Tables;

/// <summary>
/// The schema above a text that ML.NET's SaveAsText wrote, such as #@ col=Score:R4:7-9. It names the fields of vectors, and says how rows
/// of many zeros are read, which ML.NET writes as their length and index:value pairs.
/// </summary>
internal sealed partial class TextLoaderSchema
{
    private const int MostFields = 1 << 20;
    private readonly List<(string Name, string Type, int First, int Last)> _columns = [];

    private TextLoaderSchema()
    {
    }

    public bool HasHeader { get; private set; }

    public char Separator { get; private set; } = '\t';

    public int FieldCount => _columns.Count == 0 ? 0 : _columns.Max(column => column.Last) + 1;

    /// <summary>Null if the lines are something else.</summary>
    public static TextLoaderSchema? Parse(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0 || !lines[0].StartsWith("#@ TextLoader", StringComparison.Ordinal))
            return null;
        var schema = new TextLoaderSchema();
        foreach (var line in lines)
        {
            schema.HasHeader |= line.AsSpan(2).Trim() is "header+";
            if (SeparatorName().Match(line) is { Success: true } separator)
            {
                schema.Separator = separator.Groups[1].Value switch
                {
                    "comma" => ',',
                    "semicolon" => ';',
                    "space" => ' ',
                    "tab" => '\t',
                    var other => other[0],
                };
            }

            if (ColumnOf().Match(line) is { Success: true } column)
            {
                var first = int.Parse(column.Groups["first"].ValueSpan, CultureInfo.InvariantCulture);
                var last = column.Groups["last"] is { Success: true } end ? int.Parse(end.ValueSpan, CultureInfo.InvariantCulture) : first;
                schema._columns.Add((column.Groups["name"].Value, column.Groups["type"].Value, first, last));
            }
        }

        return schema.FieldCount is > 0 and <= MostFields ? schema : null;
    }

    /// <summary>
    /// The name of each field: that of its column, for a field of a vector followed by its name in the header, or else by its index.
    /// </summary>
    public string[] Names(string[] header)
    {
        var names = new string[FieldCount];
        Array.Fill(names, "");
        foreach (var (name, _, first, last) in _columns)
        {
            for (var field = first; field <= last; field++)
            {
                // A header of few names is written like a row of many zeros.
                var own = header.Length == names.Length && header[field] is { Length: > 0 } given ? given
                    : (field - first).ToString(CultureInfo.InvariantCulture);
                names[field] = first == last ? name : $"{name}.{own}";
            }
        }

        return names;
    }

    /// <summary>The fields of a row, with the zeros that it leaves out; null if it is written in another way.</summary>
    public string[]? Expand(string[] fields)
    {
        for (var start = 0; start < fields.Length && fields.Length != FieldCount; start++)
        {
            if (!int.TryParse(fields[start], CultureInfo.InvariantCulture, out var length) || start + length != FieldCount
                || !fields[(start + 1)..].All(field => field.Contains(':', StringComparison.Ordinal)))
            {
                continue;
            }

            string[] row = [.. fields[..start], .. Enumerable.Range(start, length).Select(field => IsText(field) ? "" : "0")];
            foreach (var pair in fields.AsSpan(start + 1))
            {
                var colon = pair.IndexOf(':', StringComparison.Ordinal);
                if (!int.TryParse(pair.AsSpan(0, colon), CultureInfo.InvariantCulture, out var index) || (uint)index >= (uint)length)
                    return null;
                row[start + index] = pair[(colon + 1)..];
            }

            return row;
        }

        return null;
    }

    /// <summary>Whether a field that is left out is empty: a text, or a key, whose values are counted from 0.</summary>
    private bool IsText(int field) => _columns.Find(column => column.First <= field && field <= column.Last) is { Type: var type }
        && (type == "TX" || type.Contains('['));

    [GeneratedRegex(@"^#@\s+sep=(\S+)")]
    private static partial Regex SeparatorName();

    [GeneratedRegex(@"^#@\s+col=(?<name>.+):(?<type>[A-Z0-9]+(?:\[\d+\])?):(?<first>\d{1,9})(?:-(?<last>\d{1,9}))?$")]
    private static partial Regex ColumnOf();
}
