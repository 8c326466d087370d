using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

internal static class DataViewRowExtensions
{
    /// <summary>A column's getter where its type is known only when running.</summary>
    public static Delegate GetGetter(this DataViewRow row, DataViewSchema.Column column) =>
        (Delegate)GenericMethod.Call(typeof(DataViewRow), nameof(DataViewRow.GetGetter), [column.Type.RawType], row, column);
}
