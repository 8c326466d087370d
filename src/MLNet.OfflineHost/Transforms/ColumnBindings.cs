namespace Microsoft.ML.Data;

/// <summary>
/// A schema with columns added: one that has the name of an input column hides it and stands right behind it, any other comes last.
/// </summary>
internal sealed class ColumnBindings
{
    private readonly List<int> _map;

    public ColumnBindings(DataViewSchema inputSchema, DataViewSchema.DetachedColumn[] added)
    {
        InputSchema = inputSchema;
        _map = [.. Enumerable.Range(0, inputSchema.Count)];
        string NameOf(int mapped) => mapped >= 0 ? inputSchema[mapped].Name : added[~mapped].Name;
        for (int index = 0; index < added.Length; index++)
        {
            int namesake = _map.FindLastIndex(mapped => NameOf(mapped) == added[index].Name);
            _map.Insert(namesake < 0 ? _map.Count : namesake + 1, ~index);
        }

        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_map.Select(mapped => mapped >= 0 ? new DataViewSchema.DetachedColumn(inputSchema[mapped]) : added[~mapped]));
        Schema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    /// <summary>Whether the output column is one that was added, and its index among those or among the input's.</summary>
    public bool IsAdded(int outputColumn, out int index)
    {
        int mapped = _map[outputColumn];
        index = mapped < 0 ? ~mapped : mapped;
        return mapped < 0;
    }
}
