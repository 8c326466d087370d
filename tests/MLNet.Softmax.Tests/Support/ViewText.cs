using System.Globalization;
using System.Reflection;

namespace MLNet.Softmax.Tests;

/// <summary>Everything that the columns of a data view hold, as text, to compare two of them to the bit.</summary>
internal static class ViewText
{
    public static string Of(IDataView data) => string.Join("\n", data.Schema.Where(column => !column.IsHidden).Select(column =>
        $"{column.Name} {column.Type}: {string.Join(" | ", Rows(data, column))}"));

    private static IEnumerable<string> Rows(IDataView data, DataViewSchema.Column column)
    {
        var (read, item) = column.Type is VectorDataViewType vector
            ? (nameof(ReadVectors), vector.ItemType.RawType) : (nameof(ReadScalars), column.Type.RawType);
        var method = typeof(ViewText).GetMethod(read, BindingFlags.Static | BindingFlags.NonPublic)!;
        return (IEnumerable<string>)method.MakeGenericMethod(item).Invoke(null, [data, column])!;
    }

    private static List<string> ReadScalars<T>(IDataView data, DataViewSchema.Column column) => Read<T>(data, column, Text);

    private static List<string> ReadVectors<T>(IDataView data, DataViewSchema.Column column) =>
        Read<VBuffer<T>>(data, column, buffer => string.Join(" ", buffer.DenseValues().Select(Text)));

    private static List<string> Read<TValue>(IDataView data, DataViewSchema.Column column, Func<TValue, string> text)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<TValue>(column);
        var (rows, value) = (new List<string>(), default(TValue)!);
        while (cursor.MoveNext())
        {
            getter(ref value);
            rows.Add(text(value));
        }

        return rows;
    }

    private static string Text<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
