using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using MLNet.Softmax.Interop;

namespace MLNet.Softmax.Pipeline;

/// <summary>
/// The data of a source with the columns that a transformer adds. ML.NET's own base for such views moves every row through a consolidating
/// cursor with threads, which costs more than a softmax of 10 classes, so this one has cursors of its own.
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
        return new MappedCursor(mapping, source.GetRowCursor(mapping.GetDependencies(requested), rand), requested);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var requested = columnsNeeded.ToArray();
        var cursors = source.GetRowCursorSet(mapping.GetDependencies(requested), n, rand);
        return [.. cursors.Select(cursor => new MappedCursor(mapping, cursor, requested))];
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)transformer).Save(ctx);

    /// <summary>
    /// Always <see langword="true"/>: a transformer that cannot be exported says why in <see cref="SaveAsOnnx"/>. After
    /// <see langword="false"/>, ML.NET would leave its columns and all before them out without a word.
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

/// <summary>A cursor over the incoming rows with the added columns. Disposing it disposes the incoming cursor.</summary>
internal sealed class MappedCursor(RowMapping mapping, DataViewRowCursor input, IEnumerable<DataViewSchema.Column> requested) : DataViewRowCursor
{
    private readonly MappedColumns _columns = new(mapping, input, requested);

    public override DataViewSchema Schema => _columns.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>One incoming row with the added columns. Disposing it disposes the incoming row.</summary>
internal sealed class MappedRow(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> requested) : DataViewRow
{
    private readonly MappedColumns _columns = new(mapping, input, requested);

    public override DataViewSchema Schema => _columns.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>The part that a row and a cursor with added columns share: which columns are active, and their getters.</summary>
internal sealed class MappedColumns
{
    private readonly DataViewRow _input;
    private readonly bool[] _requested;
    private readonly Delegate[]? _addedGetters;

    public MappedColumns(RowMapping mapping, DataViewRow input, IEnumerable<DataViewSchema.Column> requested)
    {
        _input = input;
        Schema = mapping.OutputSchema;
        _requested = new bool[mapping.AddedCount];
        foreach (var column in requested)
            if (column.Index >= input.Schema.Count) _requested[column.Index - input.Schema.Count] = true;
        if (_requested.Contains(true)) _addedGetters = mapping.CreateGetters(input);
    }

    public DataViewSchema Schema { get; }

    public bool IsActive(DataViewSchema.Column column)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column.Index, Schema.Count, nameof(column));
        var inputCount = _input.Schema.Count;
        return column.Index < inputCount ? _input.IsColumnActive(_input.Schema[column.Index]) : _requested[column.Index - inputCount];
    }

    public ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var inputCount = _input.Schema.Count;
        if (column.Index < inputCount) return _input.GetGetter<TValue>(_input.Schema[column.Index]);
        if (!IsActive(column))
        {
            throw new ArgumentException(
                $"Column '{column.Name}' was not requested when this cursor was created. Add it to the needed columns.", nameof(column));
        }

        return _addedGetters![column.Index - inputCount] as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' is {column.Type}, which a getter of {typeof(TValue)} cannot read. Use a getter of {column.Type.RawType}.");
    }
}
