namespace Microsoft.ML;

/// <summary>A lazily computed table: rows come only through cursors, and only the columns asked for are computed.</summary>
public interface IDataView
{
    bool CanShuffle { get; }
    DataViewSchema Schema { get; }

    /// <summary>The number of rows where it is known without reading them, else null.</summary>
    long? GetRowCount();

    DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null);

    /// <summary>At most <paramref name="n"/> cursors that between them visit every row exactly once.</summary>
    DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null);
}
