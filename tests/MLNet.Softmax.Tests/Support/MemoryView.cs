namespace MLNet.Softmax.Tests;

/// <summary>
/// A data view over values in memory, of any column type, shape, sparseness and annotations, which counts what is read of each column.
/// Its cursor set deals the rows out one by one.
/// </summary>
internal sealed class MemoryView : IDataView
{
    private readonly List<(string Name, DataViewType Type, Array Values, DataViewSchema.Annotations? Annotations)> _columns = [];
    private int[] _reads = [];

    public DataViewSchema Schema { get; private set; } = new DataViewSchema.Builder().ToSchema();

    public bool CanShuffle => false;

    /// <summary>How many rows the cursors were moved to.</summary>
    public int RowsVisited;

    /// <summary>How many cursors nobody has disposed yet.</summary>
    public int OpenCursors;

    public int Reads(string column) => _reads[Schema[column].Index];

    public MemoryView With<T>(string name, DataViewType type, T[] values, DataViewSchema.Annotations? annotations = null)
    {
        _columns.Add((name, type, values, annotations));
        _reads = new int[_columns.Count];
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        Schema = builder.ToSchema();
        return this;
    }

    /// <summary>A column of scores of the shape <paramref name="dimensions"/>; 0 is unknown.</summary>
    public MemoryView WithScores(string name, int[] dimensions, float[][] rows, DataViewSchema.Annotations? annotations = null) =>
        With(name, new VectorDataViewType(NumberDataViewType.Single, dimensions),
            [.. rows.Select(row => new VBuffer<float>(row.Length, row))], annotations);

    /// <summary>A column of keys from 1, and 0 where one is missing.</summary>
    public MemoryView WithKeys(string name, int count, uint[] keys, DataViewSchema.Annotations? annotations = null) =>
        With(name, new KeyDataViewType(typeof(uint), count), keys, annotations);

    public long? GetRowCount() => _columns[0].Values.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded, 0, 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return [.. Enumerable.Range(0, n).Select(first => new Cursor(this, needed, first, n))];
    }

    private sealed class Cursor(MemoryView view, IEnumerable<DataViewSchema.Column> needed, int first, int step) : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. needed.Select(column => column.Index)];
        private readonly long _count = view.GetRowCount()!.Value;
        private long _row = first - step;
        private int _open = Interlocked.Increment(ref view.OpenCursors) > 0 ? 1 : 0;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row < 0 ? -1 : _row / step;

        public override long Batch => _row;

        public override bool MoveNext()
        {
            if (_row + step >= _count) return false;
            _row += step;
            Interlocked.Increment(ref view.RowsVisited);
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_row, 0);

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _open, 0) == 1) Interlocked.Decrement(ref view.OpenCursors);
            base.Dispose(disposing);
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column)) throw new InvalidOperationException($"Column {column.Name} is not active.");
            // A source keeps its values: what the reader is given is a copy in the reader's own buffer.
            if (view._columns[column.Index].Values is VBuffer<float>[] vectors)
            {
                ValueGetter<VBuffer<float>> copy = (ref VBuffer<float> value) =>
                {
                    Interlocked.Increment(ref view._reads[column.Index]);
                    vectors[_row].CopyTo(ref value);
                };
                return (ValueGetter<TValue>)(Delegate)copy;
            }

            var values = (TValue[])view._columns[column.Index].Values;
            return (ref TValue value) =>
            {
                Interlocked.Increment(ref view._reads[column.Index]);
                value = values[_row];
            };
        }
    }
}
