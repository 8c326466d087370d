using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The data lines of a text file in batches that several cursors may take turns at; comments, empty lines and the header are left out.</summary>
internal sealed class TextLines : IDisposable
{
    private const int BatchSize = 64;

    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly bool _hasHeader;
    private readonly long _maxRows;
    private StreamReader _reader;
    private bool _started;
    private long _line;
    private long _rows;
    private long _batch = -1;
    private int _readers;

    public TextLines(string path, bool hasHeader, long maxRows, int readers)
    {
        _path = path;
        _hasHeader = hasHeader;
        _maxRows = maxRows;
        _readers = readers;
    }

    public static List<TextLine> Sample(string path, int count)
    {
        using var lines = new TextLines(path, false, count, 1);
        var sample = new List<TextLine>();
        while (lines.NextBatch() is { Lines.Count: > 0 } batch)
            sample.AddRange(batch.Lines);
        return sample;
    }

    /// <summary>The next lines, their batch's number and how many rows come before them; no lines at the end.</summary>
    public (List<TextLine> Lines, long Batch, long RowsBefore) NextBatch()
    {
        lock (_reading)
        {
            var lines = new List<TextLine>();
            var before = _rows;
            try
            {
                while (lines.Count < BatchSize && _rows < _maxRows && NextLine() is { } line)
                {
                    lines.Add(line);
                    _rows++;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Contracts.ExceptDecode($"The file '{_path}' cannot be read: {exception.Message}", exception);
            }
            return (lines, lines.Count > 0 ? ++_batch : _batch, before);
        }
    }

    public void Dispose()
    {
        lock (_reading)
        {
            if (--_readers == 0)
                _reader?.Dispose();
        }
    }

    private TextLine? NextLine()
    {
        _reader ??= new StreamReader(_path);
        while (_reader.ReadLine() is { } text)
        {
            _line++;
            if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal) || (!_started && text[0] == '#'))
                continue;
            var isHeader = !_started && _hasHeader;
            _started = true;
            if (!isHeader)
                return new TextLine(_line, text);
        }
        return null;
    }
}
