using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>One row of a data view; getters follow it when it moves.</summary>
public abstract class DataViewRow : IDisposable
{
    /// <summary>-1 before the first row, then 0, 1, 2...</summary>
    public abstract long Position { get; }

    /// <summary>Orders the rows of a cursor set: merging by ascending batch gives back the order of a single cursor.</summary>
    public abstract long Batch { get; }
    public abstract DataViewSchema Schema { get; }

    public abstract ValueGetter<DataViewRowId> GetIdGetter();

    public abstract bool IsColumnActive(DataViewSchema.Column column);

    public abstract ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
