using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits a line into its fields. Not thread-safe: the fields are good until the next line.</summary>
internal sealed class FieldSplitter(TextLoader.Options options)
{
    private readonly List<ReadOnlyMemory<char>> _fields = [];
    private readonly StringBuilder _quoted = new();
    private readonly char[] _separators = options.Separators;
    private readonly bool _spaceSeparates = options.Separators.Contains(' ');

    /// <summary>How many fields of the last line were quoted in a wrong way; those are empty.</summary>
    public int BadQuotes { get; private set; }

    public List<ReadOnlyMemory<char>> Split(string text)
    {
        var line = options.TrimWhitespace ? text.AsMemory().TrimEnd() : text.AsMemory();
        _fields.Clear();
        BadQuotes = 0;
        var position = 0;
        do
            _fields.Add(NextField(line, ref position));
        while (position++ < line.Length);
        return _fields;
    }

    /// <summary>Reads one field and stops at the separator after it, or at the end.</summary>
    private ReadOnlyMemory<char> NextField(ReadOnlyMemory<char> line, ref int position)
    {
        var text = line.Span;
        if (!_spaceSeparates)
        {
            while (position < text.Length && text[position] == ' ')
                position++;
        }
        if (options.AllowQuoting && position < text.Length && text[position] == '"')
            return QuotedField(text, ref position);
        var length = text[position..].IndexOfAny(_separators);
        var field = length < 0 ? line[position..] : line.Slice(position, length);
        position += field.Length;
        return field;
    }

    private ReadOnlyMemory<char> QuotedField(ReadOnlySpan<char> text, ref int position)
    {
        _quoted.Clear();
        var closed = false;
        for (position++; position < text.Length && !closed; position++)
        {
            if (text[position] != '"')
                _quoted.Append(text[position]);
            else if (position + 1 < text.Length && text[position + 1] == '"')
                _quoted.Append(text[position++]);
            else
                closed = true;
        }
        var length = text[position..].IndexOfAny(_separators);
        var rest = length < 0 ? text[position..] : text.Slice(position, length);
        position += rest.Length;
        if (closed && rest.Trim(' ').IsEmpty)
            return _quoted.ToString().AsMemory();
        BadQuotes++;
        return default;
    }
}
