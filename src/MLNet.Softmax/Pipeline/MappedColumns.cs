using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Softmax.Pipeline;

/// <summary>What a row and a cursor with added columns have in common: which columns are active, and their getters.</summary>
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
            throw new ArgumentException($"Column '{column.Name}' was not asked for when this cursor was made; name it among the needed columns.", nameof(column));
        return _addedGetters![column.Index - inputCount] as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type}, which a getter of {typeof(TValue)} cannot read; ask for {column.Type.RawType}.");
    }
}
