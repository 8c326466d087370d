namespace MLNet.Softmax.Tool.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name; empty if the header has none.</param>
/// <param name="IsList">Whether each row contains a list of numbers, as is possible in a Parquet file.</param>
internal sealed record TableColumn(string Name, bool IsList = false);

/// <summary>A table in a file, read from top to bottom, row after row.</summary>
internal abstract class Table(string name, Stream stream) : IDisposable
{
    private const int GzipMagic = 0x8b1f;

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; } = name;

    public abstract IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The position of the row: in a text file its line, where the header is line 1; otherwise its number from 1.</summary>
    public abstract long Row { get; }

    /// <summary>Whether it was copied to a temporary file, because its format cannot be read from a stream.</summary>
    public bool IsCopy { get; private init; }

    /// <summary>The approximate share of the file that was read; NaN if the length is unknown.</summary>
    public double ShareRead => stream.CanSeek && stream.Length > 0 ? (double)stream.Position / stream.Length : double.NaN;

    /// <summary>Opens a file; - is standard input.</summary>
    public static Table Open(string path) => path == "-" ? Open("standard input", Console.OpenStandardInput())
        : Open(Path.GetFileName(path), new ScoreFile(path, FileMode.Open, FileAccess.Read));

    /// <summary>Detects the format: Parquet, or text, which may be compressed with gzip. The table disposes the stream.</summary>
    public static Table Open(string name, Stream stream)
    {
        try
        {
            var start = new byte[4];
            var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            Stream whole = stream.CanSeek ? stream : new ContinuedStream(start.AsMemory(0, count), stream);
            if (stream.CanSeek)
                stream.Position = 0;
            if (start.AsSpan().SequenceEqual("PAR1"u8))
                return new ParquetTable(name, whole.CanSeek ? whole : Copy(whole)) { IsCopy = !whole.CanSeek };
            if (Signature.FormatOf(start.AsSpan(0, count)) is { } format)
                throw new FormatException($"{name} is {format}. Save the scores as CSV or Parquet.");
            var isCompressed = count >= 2 && BitConverter.ToUInt16(start) == GzipMagic;
            return new TextTable(name, whole, isCompressed ? GzipFile.Inflate(whole) : whole);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Copies what cannot seek to a temporary file, which is deleted when it is closed.</summary>
    private static ScoreFile Copy(Stream stream)
    {
        using (stream)
        {
            var copy = new ScoreFile(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileOptions.DeleteOnClose);
            stream.CopyTo(copy);
            copy.Position = 0;
            return copy;
        }
    }

    /// <summary>The first rows, as text, to recognise the layout. The table itself stays before its first row.</summary>
    public abstract IReadOnlyList<string[]> Sample(int rows);

    /// <summary>The lists of numbers in the first rows of a column that holds lists.</summary>
    public abstract IEnumerable<float[]> FirstLists(int column);

    /// <summary>Selects the columns to read. Called once, before the first row.</summary>
    public abstract void Select(IReadOnlyList<int> texts, IReadOnlyList<int> scores);

    public abstract bool MoveNext();

    /// <summary>A selected column's text in this row.</summary>
    public abstract ReadOnlySpan<char> Text(int column);

    /// <summary>The selected scores of this row; NaN where a value is missing.</summary>
    public abstract void Scores(Span<float> destination);

    /// <summary>Creates the error for a place in this table.</summary>
    public FormatException Wrong(string column, string problem) =>
        new($"{Name}{(Row == 0 ? "" : $", row {Row}")}{(column.Length == 0 ? "" : $", column {column}")}: {problem}.");

    public virtual void Dispose() => stream.Dispose();

    /// <summary>The part already read of a stream that cannot seek, followed by the rest of it.</summary>
    private sealed class ContinuedStream(ReadOnlyMemory<byte> start, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> _start = start;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_start.IsEmpty)
                return rest.Read(buffer);
            var count = Math.Min(buffer.Length, _start.Length);
            _start.Span[..count].CopyTo(buffer);
            _start = _start[count..];
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                rest.Dispose();
            base.Dispose(disposing);
        }
    }
}
