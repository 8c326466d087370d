namespace Microsoft.ML.Data;

/// <summary>A row with added columns.</summary>
internal sealed class MappedRow(DataViewRow input, Delegate[] getters, ColumnBindings bindings, bool[] active) : DataViewRow
{
    public override DataViewSchema Schema => bindings.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
            throw new InvalidOperationException($"The column '{column.Name}' is not active: it was not asked for.");
        return bindings.IsAdded(column.Index, out int index)
            ? RootCursor.As<TValue>(getters[index], column)
            : input.GetGetter<TValue>(input.Schema[index]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A cursor over such rows, in step with its input.</summary>
internal sealed class MappedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _input;
    private readonly MappedRow _row;

    public MappedCursor(DataViewRowCursor input, Func<DataViewRow, bool[], Delegate[]> createGetters, ColumnBindings bindings, bool[] active)
    {
        _input = input;
        _row = new MappedRow(input, createGetters(input, active), bindings, active);
    }

    public override DataViewSchema Schema => _row.Schema;

    public override long Position => _row.Position;

    public override long Batch => _row.Batch;

    public override bool MoveNext() => _input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _row.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _row.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _row.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _row.Dispose();
        base.Dispose(disposing);
    }
}
