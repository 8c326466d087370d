using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The data lines of a text file in batches that several cursors may take turns at; comments, empty lines and the header are left out.</summary>
internal sealed class TextLines(string path, bool hasHeader, int readers) : IDisposable
{
    private const int BatchSize = 64;

    private readonly Lock _reading = new();
    private StreamReader _reader;
    private bool _started;
    private long _line;
    private long _rows;
    private long _batch = -1;
    private int _readers = readers;

    public static List<string> Sample(string path, int count)
    {
        using var lines = new TextLines(path, false, 1);
        var sample = new List<string>();
        while (sample.Count < count && lines.NextLine() is { } line)
            sample.Add(line.Text);
        return sample;
    }

    /// <summary>The next lines with their numbers, the batch's number and how many rows come before it; no lines at the end.</summary>
    public (List<(long Number, string Text)> Lines, long Batch, long RowsBefore) NextBatch()
    {
        lock (_reading)
        {
            var lines = new List<(long, string)>();
            var before = _rows;
            try
            {
                for (; lines.Count < BatchSize && NextLine() is { } line; _rows++)
                    lines.Add(line);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw Contracts.ExceptDecode($"The file '{path}' cannot be read: {exception.Message}", exception);
            }
            return (lines, lines.Count > 0 ? ++_batch : _batch, before);
        }
    }

    /// <summary>Closes the file when its last reader has finished.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
            _reader?.Dispose();
    }

    private (long Number, string Text)? NextLine()
    {
        _reader ??= new StreamReader(path);
        while (_reader.ReadLine() is { } text)
        {
            _line++;
            if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal) || (!_started && text[0] == '#'))
                continue;
            var isHeader = !_started && hasHeader;
            _started = true;
            if (!isHeader)
                return (_line, text);
        }
        return null;
    }
}
