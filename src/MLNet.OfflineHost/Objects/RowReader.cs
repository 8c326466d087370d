namespace Microsoft.ML.Data;

/// <summary>Fills objects from rows: binds the members of a class to the columns of a schema.</summary>
internal sealed class RowReader<TRow>
    where TRow : class
{
    private readonly List<(MemberColumn Member, DataViewSchema.Column Column)> _bound = [];

    public RowReader(DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition = null)
    {
        foreach (var member in MemberColumn.Of(typeof(TRow), definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write)))
        {
            if (schema.GetColumnOrNull(member.Name) is { } column)
                _bound.Add((member, column));
            else if (!ignoreMissingColumns)
                throw new ArgumentOutOfRangeException(nameof(schema), $"Could not find column '{member.Name}', which {typeof(TRow)} asks for.");
        }
    }

    /// <summary>The columns that have to be active in a row.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => _bound.Select(pair => pair.Column);

    /// <summary>An action that fills an object from the row's current values.</summary>
    public Action<TRow> Bind(DataViewRow row)
    {
        var setters = _bound.Select(pair => pair.Member.CreateSetter<TRow>(row, pair.Column)).ToArray();
        return target =>
        {
            foreach (var set in setters)
                set(target);
        };
    }
}
