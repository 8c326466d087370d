using System.Collections.Concurrent;
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

/// <summary>Rows as cursors give them.</summary>
internal static class Cursors
{
    /// <summary>The vectors of a column, read by several cursors at once, in the order of their rows' ids.</summary>
    public static float[][] InParallel(IDataView data, string column, int count)
    {
        var rows = new ConcurrentDictionary<ulong, float[]>();
        Parallel.ForEach(data.GetRowCursorSet([data.Schema[column]], count), cursor =>
        {
            using var open = cursor;
            var (getter, idGetter) = (cursor.GetGetter<VBuffer<float>>(data.Schema[column]), cursor.GetIdGetter());
            var (value, id) = (default(VBuffer<float>), default(DataViewRowId));
            while (cursor.MoveNext())
            {
                getter(ref value);
                idGetter(ref id);
                Assert.True(rows.TryAdd(id.Low, [.. value.DenseValues()]), $"Row {id} came twice.");
            }
        });
        return [.. rows.OrderBy(row => row.Key).Select(row => row.Value)];
    }

    /// <summary>Reads one value of a column again and again, into the same variable.</summary>
    public static Action Reader<T>(DataViewRow row, string column)
    {
        var getter = row.GetGetter<T>(row.Schema[column]);
        T value = default!;
        return () => getter(ref value);
    }

    /// <summary>Reading the second half of the rows allocates nothing; the first fills the buffers and compiles the code.</summary>
    public static void AssertNothingAllocated(DataViewRowCursor cursor, int rowCount, params Action[] readers)
    {
        var before = 0L;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            foreach (var read in readers)
                read();
            if (row == rowCount / 2)
                before = GC.GetAllocatedBytesForCurrentThread();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
