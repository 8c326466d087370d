using Microsoft.ML.Model.OnnxConverter;

namespace MLNet.Softmax.Pipeline;

/// <summary>
/// The data of a source with the columns that a transformer adds. ML.NET's own base for such views moves every row through a consolidating
/// cursor with threads, which costs more than a softmax of 10 classes, so this class has its own cursors.
/// </summary>
/// <param name="transformer">The transformer whose output this is.</param>
/// <param name="mapping">The transformer, bound to the schema of <paramref name="source"/>.</param>
/// <param name="source">The incoming data.</param>
internal sealed class MappedDataView(RowToRowTransformer transformer, RowMapping mapping, IDataView source) : ITransformCanSaveOnnx
{
    public IDataView Source => source;

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapping.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        return new MappedRow(mapping, source.GetRowCursor(mapping.GetDependencies(requested), rand), requested);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        var cursors = source.GetRowCursorSet(mapping.GetDependencies(requested), n, rand);
        return [.. cursors.Select(cursor => new MappedRow(mapping, cursor, requested))];
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);

    /// <summary>
    /// Always <see langword="true"/>: a transformer that cannot be exported says why in <see cref="SaveAsOnnx"/>. After
    /// <see langword="false"/>, ML.NET would silently leave out its columns and all before them.
    /// </summary>
    public bool CanSaveOnnx(OnnxContext ctx) => true;

    public void SaveAsOnnx(OnnxContext ctx) => transformer.Export(new OnnxGraph(ctx), mapping.InputSchema);
}

/// <summary>Gives a row mapping to ML.NET's prediction engines.</summary>
internal sealed class RowMapper(RowMapping mapping) : IRowToRowMapper
{
    public DataViewSchema InputSchema => mapping.InputSchema;

    public DataViewSchema OutputSchema => mapping.OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        mapping.GetDependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(mapping, input, activeColumns);
}

/// <summary>
/// An incoming row with the added columns; it moves if the incoming row is a cursor. Disposing it disposes the incoming row.
/// </summary>
internal sealed class MappedRow : DataViewRowCursor
{
    private readonly DataViewRow _input;
    private readonly DataViewRowCursor? _cursor;
    private readonly bool[] _requested;
    private readonly Delegate[]? _addedGetters;

    public MappedRow(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> requested)
    {
        (_input, _cursor, Schema) = (input, input as DataViewRowCursor, mapping.OutputSchema);
        _requested = new bool[mapping.AddedCount];
        foreach (var column in requested)
            if (column.Index >= input.Schema.Count) _requested[column.Index - input.Schema.Count] = true;
        if (_requested.Contains(true)) _addedGetters = mapping.CreateGetters(input);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool MoveNext() => _cursor!.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column.Index, Schema.Count, nameof(column));
        var inputCount = _input.Schema.Count;
        return column.Index < inputCount ? _input.IsColumnActive(_input.Schema[column.Index]) : _requested[column.Index - inputCount];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var inputCount = _input.Schema.Count;
        if (column.Index < inputCount) return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        if (!IsColumnActive(column))
        {
            throw new ArgumentException(
                $"Column '{column.Name}' was not requested when this cursor was created. Add it to the needed columns.", nameof(column));
        }

        return _addedGetters![column.Index - inputCount] as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' is {column.Type}, which a getter of {typeof(TValue)} cannot read. Use a getter of "
                + $"{column.Type.RawType}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _input.Dispose();
        base.Dispose(disposing);
    }
}
