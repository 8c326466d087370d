namespace Microsoft.ML.Data;

public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    /// <summary>The values of one column, row by row; arrays and strings may stand for vectors and text.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (column.Index >= data.Schema.Count || data.Schema[column.Index].Name != column.Name || !data.Schema[column.Index].Type.Equals(column.Type))
            throw new ArgumentOutOfRangeException(nameof(column), $"The data has no column '{column.Name}' of type {column.Type} at index {column.Index}.");
        if (typeof(T) == column.Type.RawType)
            return Read(data, column, (in T raw, ref T value) => value = raw);
        if (MemberType.Of(typeof(T)) is not { } type || !type.Fits(column.Type))
            throw new ArgumentOutOfRangeException(nameof(column), $"The column '{column.Name}' of type {column.Type} cannot be read as {typeof(T)}.");
        return (IEnumerable<T>)Internal.Utilities.GenericMethod.Call(
            typeof(ColumnCursorExtensions), nameof(Read), [typeof(T), column.Type.RawType], null, data, column, type.FromRaw());
    }

    private static IEnumerable<T> Read<T, TRaw>(IDataView data, DataViewSchema.Column column, FromRaw<T, TRaw> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<TRaw>(column);
        TRaw raw = default;
        while (cursor.MoveNext())
        {
            getter(ref raw);
            T value = default;
            convert(in raw, ref value);
            yield return value;
        }
    }
}
