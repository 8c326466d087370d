using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>Gathers the distinct values of a column, up to a limit; missing values do not count.</summary>
internal abstract class TermMapBuilder
{
    public static TermMapBuilder Create(DataViewRow row, DataViewSchema.Column column, int limit) =>
        (TermMapBuilder)GenericMethod.Call(typeof(TermMapBuilder), nameof(Of), [column.Type.GetItemType().RawType], null, row, column, limit);

    /// <summary>Takes the row's present value in; false where no more is wanted.</summary>
    public abstract bool AddRow();

    public abstract TermMap Finish(ValueToKeyMappingEstimator.KeyOrdinality order);

    private static TermMapBuilder<T> Of<T>(DataViewRow row, DataViewSchema.Column column, int limit) => new(row, column, limit);
}

internal sealed class TermMapBuilder<T>(DataViewRow row, DataViewSchema.Column column, int limit) : TermMapBuilder
{
    private readonly ValueGetter<VBuffer<T>> _getter = row.GetVectorGetter<T>(column);
    private readonly PrimitiveDataViewType _itemType = (PrimitiveDataViewType)column.Type.GetItemType();
    private readonly HashSet<T> _known = new(TermMap<T>.Comparer);
    private readonly List<T> _terms = [];
    private VBuffer<T> _vector;

    public override bool AddRow()
    {
        _getter(ref _vector);
        foreach (var value in _vector.DenseValues())
            Add(value);
        return _terms.Count < limit;
    }

    public override TermMap Finish(ValueToKeyMappingEstimator.KeyOrdinality order)
    {
        if (order == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            _terms.Sort(TermMap<T>.Order);
        return new TermMap<T>(_itemType, [.. _terms]);
    }

    private void Add(T value)
    {
        if (_terms.Count >= limit || Missing.Is(value, _itemType) || _known.Contains(value))
            return;
        // A text may stand in a buffer that the next row overwrites.
        var kept = value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;
        _known.Add(kept);
        _terms.Add(kept);
    }
}
