using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Splits a line into its fields, which are good until the next line.</summary>
internal sealed class FieldSplitter(TextLoader.Options options)
{
    private readonly List<ReadOnlyMemory<char>> _fields = [];
    private readonly bool _spaceSeparates = options.Separators.Contains(' ');

    public List<ReadOnlyMemory<char>> Split(string text)
    {
        var line = options.TrimWhitespace ? text.AsMemory().TrimEnd() : text.AsMemory();
        _fields.Clear();
        var position = 0;
        do
            _fields.Add(NextField(line, ref position));
        while (position++ < line.Length);
        return _fields;
    }

    /// <summary>Reads one field and stops at the separator after it, or at the end.</summary>
    private ReadOnlyMemory<char> NextField(ReadOnlyMemory<char> line, ref int position)
    {
        while (!_spaceSeparates && position < line.Length && line.Span[position] == ' ')
            position++;
        if (options.AllowQuoting && position < line.Length && line.Span[position] == '"')
            return QuotedField(line.Span, ref position);
        var field = line.Slice(position, UpToSeparator(line.Span[position..]));
        position += field.Length;
        return field;
    }

    /// <summary>A field that is quoted in a wrong way is empty.</summary>
    private ReadOnlyMemory<char> QuotedField(ReadOnlySpan<char> text, ref int position)
    {
        var quoted = new StringBuilder();
        var closed = false;
        for (position++; position < text.Length && !closed; position++)
        {
            if (text[position] != '"')
                quoted.Append(text[position]);
            else if (position + 1 < text.Length && text[position + 1] == '"')
                quoted.Append(text[position++]);
            else
                closed = true;
        }
        var rest = text.Slice(position, UpToSeparator(text[position..]));
        position += rest.Length;
        return closed && rest.Trim(' ').IsEmpty ? quoted.ToString().AsMemory() : default;
    }

    private int UpToSeparator(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAny(options.Separators);
        return length < 0 ? text.Length : length;
    }
}
