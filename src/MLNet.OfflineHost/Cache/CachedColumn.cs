using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>All values of one column in memory, once they have been read.</summary>
internal abstract class CachedColumn
{
    public abstract bool IsFilled { get; }

    public static CachedColumn Of(DataViewType type) => type is VectorDataViewType vector
        ? (CachedColumn)GenericMethod.Call(typeof(CachedColumn), nameof(OfVectors), [vector.ItemType.RawType], null)
        : (CachedColumn)GenericMethod.Call(typeof(CachedColumn), nameof(OfScalars), [type.RawType], null);

    /// <summary>Adds the current value of the row at each call of the action that it gives.</summary>
    public abstract Action StartFilling(DataViewRow row, DataViewSchema.Column column);

    /// <summary>From now on the added values are the column.</summary>
    public abstract void FinishFilling();

    /// <summary>A value getter of the row that <paramref name="index"/> gives.</summary>
    public abstract Delegate CreateGetter(Func<int> index);

    private static CachedColumn OfVectors<T>() => new Values<VBuffer<T>>(RawValue.BufferFromRaw<T>());

    private static CachedColumn OfScalars<T>() => new Values<T>(RawValue.CopyFromRaw<T>());

    private sealed class Values<T>(FromRaw<T, T> copy) : CachedColumn
    {
        private List<T> _added;
        private List<T> _values;
        public override bool IsFilled => _values != null;

        public override Action StartFilling(DataViewRow row, DataViewSchema.Column column)
        {
            var getter = row.GetGetter<T>(column);
            T read = default;
            _added = [];
            return () =>
            {
                getter(ref read);
                T kept = default;
                copy(in read, ref kept);
                _added.Add(kept);
            };
        }

        public override void FinishFilling() => _values = _added;

        public override Delegate CreateGetter(Func<int> index) => (ValueGetter<T>)((ref T value) =>
        {
            var kept = _values[index()];
            copy(in kept, ref value);
        });
    }
}
