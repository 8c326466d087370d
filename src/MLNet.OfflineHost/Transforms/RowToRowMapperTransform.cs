using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Data;

/// <summary>A view of data, or of single rows, with the columns that a row mapper adds. Nothing is computed but what is asked for.</summary>
internal sealed class RowToRowMapperTransform : ITransformCanSaveOnnx, IRowToRowMapper
{
    private readonly RowMapper _mapper;
    private readonly ColumnBindings _bindings;

    /// <param name="source">The data, or null to map single rows only.</param>
    /// <param name="mapper">A mapper for the data's schema.</param>
    public RowToRowMapperTransform(IDataView source, RowMapper mapper)
    {
        Source = source;
        _mapper = mapper;
        _bindings = new ColumnBindings(mapper.InputSchema, mapper.OutputColumns);
    }

    public IDataView Source { get; }

    public DataViewSchema Schema => _bindings.Schema;

    public DataViewSchema InputSchema => _mapper.InputSchema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public bool CanShuffle => Source.CanShuffle;

    public long? GetRowCount() => Source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Active(columnsNeeded);
        return new MappedCursor(Source.GetRowCursor(Dependencies(active), rand), Getters, _bindings, active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Active(columnsNeeded);
        return [.. Source.GetRowCursorSet(Dependencies(active), n, rand)
            .Select(cursor => new MappedCursor(cursor, Getters, _bindings, active))];
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Dependencies(Active(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(activeColumns);
        if (input.Schema != InputSchema)
            throw new InvalidOperationException("Schema of input row must be the same as the schema the mapper is bound to");
        var active = Active(activeColumns);
        return new MappedRow(input, Getters(input, active), _bindings, active);
    }

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => _mapper is ISaveAsOnnx mapper && mapper.CanSaveOnnx(ctx);

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => ((ISaveAsOnnx)_mapper).SaveAsOnnx(ctx);

    private bool[] Active(IEnumerable<DataViewSchema.Column> columns) => RootCursor.ActiveColumns(Schema, columns);

    private List<DataViewSchema.Column> Dependencies(bool[] active)
    {
        var needed = new SortedSet<int>();
        for (int column = 0; column < active.Length; column++)
        {
            if (!active[column])
                continue;
            if (_bindings.IsAdded(column, out int index))
                needed.UnionWith(_mapper.InputsOf(index));
            else
                needed.Add(index);
        }

        return [.. needed.Select(index => InputSchema[index])];
    }

    private Delegate[] Getters(DataViewRow input, bool[] active)
    {
        var activeAdded = new HashSet<int>();
        for (int column = 0; column < active.Length; column++)
        {
            if (active[column] && _bindings.IsAdded(column, out int index))
                activeAdded.Add(index);
        }

        return _mapper.CreateGetters(input, activeAdded.Contains);
    }
}
