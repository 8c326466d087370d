namespace MulticlassEvaluation;

/// <summary>The fields of one line of comma-separated values; a field in quotes may hold commas, and doubled quotes (RFC 4180).</summary>
internal sealed class CsvLine
{
    private readonly List<(int Start, int Length)> _fields = [];
    private char[] _text = new char[1024];
    private int _written;

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
        _written = 0;
        int end;
        do
        {
            int start = _written;
            line = line.TrimStart(' ');
            if (line.StartsWith("\""))
                line = CopyQuoted(line[1..]);
            end = line.IndexOf(',');
            Copy((end < 0 ? line : line[..end]).TrimEnd(' '));
            _fields.Add((start, _written - start));
            line = line[(end + 1)..];
        }
        while (end >= 0);
    }

    /// <summary>Copies up to the closing quote and gives what comes after it.</summary>
    private ReadOnlySpan<char> CopyQuoted(ReadOnlySpan<char> line)
    {
        while (true)
        {
            int quote = line.IndexOf('"');
            IsComplete &= quote >= 0;
            Copy(quote < 0 ? line : line[..quote]);
            line = quote < 0 ? [] : line[(quote + 1)..];
            if (!line.StartsWith("\""))
                return line;
            Copy("\"");
            line = line[1..];
        }
    }

    private void Copy(ReadOnlySpan<char> part)
    {
        part.CopyTo(_text.AsSpan(_written));
        _written += part.Length;
    }
}
