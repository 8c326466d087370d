namespace Microsoft.ML.Data;

/// <summary>A cursor that keeps count of its own rows and disposes of itself after the last.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly bool[] _active;
    private long _position = -1;
    private bool _disposed;

    protected RootCursor(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        Schema = schema;
        _active = ActiveColumns(schema, columnsNeeded);
    }

    public override DataViewSchema Schema { get; }
    public override long Position => _position;
    public override long Batch => 0;

    public static bool[] ActiveColumns(DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[schema.Count];
        foreach (var column in columnsNeeded)
        {
            if (column.Index >= active.Length)
                throw new ArgumentOutOfRangeException(nameof(columnsNeeded), $"The column '{column.Name}' at index {column.Index} is not of this data, which has {active.Length} columns.");
            active[column.Index] = true;
        }
        return active;
    }

    /// <summary>The getter as one of the type asked for.</summary>
    public static ValueGetter<TValue> As<TValue>(Delegate getter, DataViewSchema.Column column)
        => getter as ValueGetter<TValue> ?? throw new InvalidOperationException(
            $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', expected type: '{column.Type.RawType}'.");

    public sealed override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
    {
        RequireRow();
        id = new DataViewRowId((ulong)_position, 0);
    };

    public override bool IsColumnActive(DataViewSchema.Column column)
        => column.Index < _active.Length ? _active[column.Index]
            : throw new ArgumentOutOfRangeException(nameof(column), $"There is no column '{column.Name}' at index {column.Index}.");

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' is not active: the cursor was not asked for it.");
        return As<TValue>(CreateGetter(column), column);
    }

    protected abstract bool MoveNextCore();

    protected abstract Delegate CreateGetter(DataViewSchema.Column column);

    protected void RequireRow()
    {
        if (_position < 0)
            throw new InvalidOperationException("The cursor is on no row: MoveNext was not called yet, or gave false.");
    }

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        _position = -1;
        base.Dispose(disposing);
    }
}
