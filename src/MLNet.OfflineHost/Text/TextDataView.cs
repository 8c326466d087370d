using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Streams the lines of a text file as rows; the fields of columns that nobody asked for are not read as values.</summary>
internal sealed class TextDataView : IDataView
{
    private readonly string _path;
    private readonly TextLoader.Options _options;
    private readonly TextColumn[] _columns;

    public TextDataView(string path, TextLoader.Options options, string sample)
    {
        _path = path;
        _options = options;
        (_columns, Schema) = TextColumnBinder.Bind(options, sample);
    }

    public bool CanShuffle => false;
    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => GetRowCursorSet(columnsNeeded, 1)[0];

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var columns = columnsNeeded.ToArray();
        var lines = new TextLines(_path, _options.HasHeader, Math.Max(1, n));
        return Enumerable.Range(0, Math.Max(1, n)).Select(_ => new Cursor(this, columns, lines, wrapsErrors: n <= 1)).ToArray<DataViewRowCursor>();
    }

    private sealed class Cursor : RootCursor
    {
        private readonly TextLines _lines;
        private readonly bool _wrapsErrors;
        private readonly FieldSplitter _splitter;
        private readonly TextColumnReader[] _readers;
        private List<(long Number, string Text)> _batchLines = [];
        private long _batch;
        private long _rowsBefore;
        private int _next;
        private bool _released;

        public Cursor(TextDataView view, DataViewSchema.Column[] columnsNeeded, TextLines lines, bool wrapsErrors)
            : base(view.Schema, columnsNeeded)
        {
            _lines = lines;
            _wrapsErrors = wrapsErrors;
            _splitter = new FieldSplitter(view._options);
            _readers = Schema.Select(column => IsColumnActive(column) ? view._columns[column.Index].CreateReader(view._options.MissingRealsAsNaNs) : null)
                .ToArray();
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
            var (number, text) = _batchLines[_next++];
            var fields = _splitter.Split(text);
            try
            {
                foreach (var reader in _readers)
                    reader?.Read(fields, number);
            }
            catch (InvalidOperationException exception) when (_wrapsErrors)
            {
                // ML.NET's single cursor parses on other threads and reports what they met.
                throw Contracts.ExceptDecode($"Parsing failed with an exception: {exception.Message}", exception);
            }
            return true;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column) => _readers[column.Index].CreateGetter(RequireRow);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_released)
                _lines.Dispose();
            _released |= disposing;
            base.Dispose(disposing);
        }
    }
}
