using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

internal static class DataViewRowExtensions
{
    /// <summary>A column's getter where its type is known only when running.</summary>
    public static Delegate GetGetter(this DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)GenericMethod.Call(typeof(DataViewRow), nameof(DataViewRow.GetGetter), [column.Type.RawType], row, column);

    /// <summary>A column's getter that gives a scalar as a vector of one.</summary>
    public static ValueGetter<VBuffer<T>> GetVectorGetter<T>(this DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
            return row.GetGetter<VBuffer<T>>(column);
        var getter = row.GetGetter<T>(column);
        return (ref VBuffer<T> vector) =>
        {
            var editor = VBufferEditor.Create(ref vector, 1);
            getter(ref editor.Values[0]);
            vector = editor.Commit();
        };
    }
}
