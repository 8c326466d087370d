using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Streams the lines of a text file as rows; the fields of columns that nobody asked for are not read as values.</summary>
internal sealed class TextDataView(
    IHostEnvironment environment, string path, TextLoader.Options options, DataViewSchema schema, TextColumn[] columns) : IDataView
{
    private const int BadValuesReported = 10;

    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(this, columnsNeeded, Lines(1), wrapsErrors: options.UseThreads);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        if (n <= 1 || !options.UseThreads)
            return [GetRowCursor(columnsNeeded, rand)];
        var needed = columnsNeeded.ToArray();
        var lines = Lines(n);
        return Enumerable.Range(0, n).Select(_ => new Cursor(this, needed, lines, wrapsErrors: false)).ToArray<DataViewRowCursor>();
    }

    private IHostEnvironment Environment => environment;

    private string Path => path;

    private TextLoader.Options Options => options;

    private TextColumn[] Columns => columns;

    private TextLines Lines(int readers) => new(path, options.HasHeader, options.MaxRows ?? long.MaxValue, readers);

    private sealed class Cursor : RootCursor
    {
        private readonly TextDataView _view;
        private readonly TextLines _lines;
        private readonly bool _wrapsErrors;
        private readonly FieldSplitter _splitter;
        private readonly TextColumnReader[] _readers;
        private readonly IChannel _channel;
        private List<TextLine> _batchLines = [];
        private long _batch;
        private long _rowsBefore;
        private int _next;
        private int _badValues;
        private bool _released;

        public Cursor(TextDataView view, IEnumerable<DataViewSchema.Column> columnsNeeded, TextLines lines, bool wrapsErrors)
            : base(view.Schema, columnsNeeded)
        {
            _view = view;
            _lines = lines;
            _wrapsErrors = wrapsErrors;
            _splitter = new FieldSplitter(view.Options);
            _channel = view.Environment.Start("ParseStats");
            _readers = Schema.Select(column => IsColumnActive(column) ? CreateReader(column) : null).ToArray();
        }

        public override long Batch => _batch;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            RequireRow();
            id = new DataViewRowId((ulong)(_rowsBefore + _next - 1), 0);
        };

        protected override bool MoveNextCore()
        {
            if (_next == _batchLines.Count)
            {
                (_batchLines, _batch, _rowsBefore) = _lines.NextBatch();
                _next = 0;
                if (_batchLines.Count == 0)
                    return false;
            }
            try
            {
                Read(_batchLines[_next++]);
            }
            catch (InvalidOperationException exception) when (_wrapsErrors)
            {
                throw Contracts.ExceptDecode($"Parsing failed with an exception: {exception.Message}", exception);
            }
            return true;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column) => _readers[column.Index].CreateGetter(RequireRow);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_released)
            {
                _released = true;
                _lines.Dispose();
                _channel.Dispose();
            }
            base.Dispose(disposing);
        }

        private void Read(TextLine line)
        {
            var fields = _splitter.Split(line.Text);
            if (_splitter.BadQuotes > 0)
                _channel.Warning(MessageSensitivity.Schema, $"Format error in line {line.Number} of {_view.Path}: illegal quoting");
            foreach (var reader in _readers)
                reader?.Read(fields, line.Number);
        }

        private TextColumnReader CreateReader(DataViewSchema.Column column)
        {
            var reader = _view.Columns[column.Index].CreateReader(_view.Options.MissingRealsAsNaNs);
            reader.BadValue = slot =>
            {
                if (_badValues++ < BadValuesReported)
                    _channel.Info(MessageSensitivity.Schema, $"Bad value at line {_batchLines[_next - 1].Number} in column {column.Name} at slot {slot}");
            };
            return reader;
        }
    }
}
