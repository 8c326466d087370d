namespace Microsoft.ML.Data;

/// <summary>A row whose values are those of one object after another, for predictions one at a time.</summary>
internal sealed class InputRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly MemberColumn[] _columns;
    private TRow _current;
    private long _position = -1;

    public InputRow(SchemaDefinition definition = null)
    {
        _columns = MemberColumn.Of(typeof(TRow), definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read));
        Schema = MemberColumn.SchemaOf(_columns);
    }

    public override DataViewSchema Schema { get; }
    public override long Position => _position;
    public override long Batch => 0;

    public void ExtractValues(TRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        => RootCursor.As<TValue>(_columns[column.Index].CreateGetter(() => _current), column);
}
