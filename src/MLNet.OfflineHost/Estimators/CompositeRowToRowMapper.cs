namespace Microsoft.ML.Data;

/// <summary>Row mappers one after the other, each fed by the one before.</summary>
internal sealed class CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => mappers.Length == 0 ? inputSchema : mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        for (int index = mappers.Length - 1; index >= 0; index--)
            dependingColumns = mappers[index].GetDependencies(dependingColumns);
        return dependingColumns;
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (input.Schema != inputSchema)
            throw new ArgumentOutOfRangeException(nameof(input), "Schema did not match original schema");
        var needed = new IEnumerable<DataViewSchema.Column>[mappers.Length];
        for (int index = mappers.Length - 1; index >= 0; index--)
        {
            needed[index] = activeColumns;
            activeColumns = mappers[index].GetDependencies(activeColumns);
        }

        var row = input;
        for (int index = 0; index < mappers.Length; index++)
            row = mappers[index].GetRow(row, needed[index]);
        return row;
    }
}
