using Microsoft.ML;

namespace MLNet.Softmax.Pipeline;

/// <summary>The data of <paramref name="source"/> with the columns that <paramref name="transformer"/> adds.</summary>
/// <param name="transformer">The transformer whose output this is.</param>
/// <param name="mapping">The transformer, bound to the schema of <paramref name="source"/>.</param>
/// <param name="source">The incoming data.</param>
internal class MappedDataView(RowToRowTransformer transformer, RowMapping mapping, IDataView source) : IDataView
{
    public RowToRowTransformer Transformer => transformer;

    public IDataView Source => source;

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        return new MappedCursor(mapping, source.GetRowCursor(mapping.GetDependencies(requested), rand), requested);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        return [.. source.GetRowCursorSet(mapping.GetDependencies(requested), n, rand).Select(cursor => new MappedCursor(mapping, cursor, requested))];
    }
}
