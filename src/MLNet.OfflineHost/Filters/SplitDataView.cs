namespace Microsoft.ML.Data;

/// <summary>The rows of another view whose number is accepted; its hidden columns are left out.</summary>
internal sealed class SplitDataView : IDataView
{
    private readonly IDataView _source;
    private readonly SplitNumber _numbers;
    private readonly Func<double, bool> _accepts;
    private readonly DataViewSchema.Column[] _visible;

    public SplitDataView(IDataView source, SplitNumber numbers, Func<double, bool> accepts)
    {
        _source = source;
        _numbers = numbers;
        _accepts = accepts;
        _visible = source.Schema.Where(column => !column.IsHidden).ToArray();
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_visible);
        Schema = builder.ToSchema();
    }

    public bool CanShuffle => false;
    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = RootCursor.ActiveColumns(Schema, columnsNeeded);
        var needed = _visible.Where((_, index) => active[index]).Concat(_numbers.Dependencies).DistinctBy(column => column.Index);
        return new Cursor(this, _source.GetRowCursor(needed.ToArray()), columnsNeeded);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(SplitDataView view, DataViewRowCursor input, IEnumerable<DataViewSchema.Column> columnsNeeded)
        : LinkedCursor(input, view.Schema, columnsNeeded)
    {
        private readonly Func<double?> _number = view._numbers.Bind(input);

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
            {
                if (_number() is { } number && view._accepts(number))
                    return true;
            }
            return false;
        }

        protected override DataViewSchema.Column InputColumn(DataViewSchema.Column column) => view._visible[column.Index];
    }
}
