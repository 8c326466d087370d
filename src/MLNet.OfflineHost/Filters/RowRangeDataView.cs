namespace Microsoft.ML.Data;

/// <summary>The rows of another view from one position on, up to a count.</summary>
internal sealed class RowRangeDataView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;
    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - skip), take) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(source.GetRowCursor(columnsNeeded), Schema, columnsNeeded, skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema schema, IEnumerable<DataViewSchema.Column> columnsNeeded, long skip, long take)
        : LinkedCursor(input, schema, columnsNeeded)
    {
        public override long Batch => 0;

        protected override bool MoveNextCore()
        {
            if (Position + 1 >= take)
                return false;
            for (var skipped = Position < 0 ? 0 : skip; skipped < skip; skipped++)
            {
                if (!Input.MoveNext())
                    return false;
            }
            return Input.MoveNext();
        }
    }
}
