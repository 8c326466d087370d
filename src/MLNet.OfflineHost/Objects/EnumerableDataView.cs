namespace Microsoft.ML.Data;

/// <summary>Streams the objects of an enumerable as rows.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _data;
    private readonly MemberColumn[] _columns;

    public EnumerableDataView(IEnumerable<TRow> data, SchemaDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        _columns = MemberColumn.Of(typeof(TRow), definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read));
        Schema = MemberColumn.SchemaOf(_columns);
    }

    public bool CanShuffle => false;
    public DataViewSchema Schema { get; }

    public long? GetRowCount() => (_data as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) => new Cursor(this, columnsNeeded);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(EnumerableDataView<TRow> view, IEnumerable<DataViewSchema.Column> columnsNeeded)
        : RootCursor(view.Schema, columnsNeeded)
    {
        private readonly IEnumerator<TRow> _rows = view._data.GetEnumerator();
        private TRow _current;

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
                return false;
            _current = _rows.Current ?? throw new InvalidOperationException($"Row {Position + 1} of the data is null.");
            return true;
        }

        protected override Delegate CreateGetter(DataViewSchema.Column column) => view._columns[column.Index].CreateGetter(() =>
        {
            RequireRow();
            return _current;
        });

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
