namespace MulticlassEvaluation;

/// <summary>The fields of one line of comma-separated values; a field in quotes may hold commas, and doubled quotes (RFC 4180).</summary>
internal sealed class CsvLine
{
    private readonly List<(int Start, int Length)> _fields = [];
    private char[] _text = new char[1024];

    public int Count => _fields.Count;

    /// <summary>False where a quoted field does not end on this line.</summary>
    public bool IsComplete { get; private set; }

    public ReadOnlySpan<char> this[int index] => _text.AsSpan(_fields[index].Start, _fields[index].Length);

    public void Split(ReadOnlySpan<char> line)
    {
        if (_text.Length < line.Length)
            _text = new char[line.Length * 2];
        _fields.Clear();
        IsComplete = true;
        int written = 0;
        while (true)
        {
            int start = written;
            line = line.TrimStart(' ');
            line = line.StartsWith("\"") ? CopyQuoted(line[1..], ref written) : line;
            int end = line.IndexOf(',');
            var rest = end < 0 ? line : line[..end];
            rest = rest.TrimEnd(' ');
            rest.CopyTo(_text.AsSpan(written));
            written += rest.Length;
            _fields.Add((start, written - start));
            if (end < 0)
                return;
            line = line[(end + 1)..];
        }
    }

    /// <summary>Copies up to the closing quote and gives what comes after it.</summary>
    private ReadOnlySpan<char> CopyQuoted(ReadOnlySpan<char> line, scoped ref int written)
    {
        while (true)
        {
            int quote = line.IndexOf('"');
            IsComplete &= quote >= 0;
            var part = quote < 0 ? line : line[..quote];
            part.CopyTo(_text.AsSpan(written));
            written += part.Length;
            line = quote < 0 ? [] : line[(quote + 1)..];
            if (!line.StartsWith("\""))
                return line;
            _text[written++] = '"';
            line = line[1..];
        }
    }
}
