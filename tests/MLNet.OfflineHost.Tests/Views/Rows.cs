using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Views;

/// <summary>Rows that tell when they are read.</summary>
internal static class Rows
{
    public static IEnumerable<NumberedRow> Numbered(int count, Action<int>? onRead = null)
    {
        for (var i = 0; i < count; i++)
        {
            onRead?.Invoke(i);
            yield return new NumberedRow { Number = i, Name = $"row {i % 7}", Vector = [i, -i] };
        }
    }

    public static int[] Numbers(IDataView view) => view.GetColumn<int>(nameof(NumberedRow.Number)).ToArray();

    public static string Text(IDataView view) => string.Join(" ", Numbers(view));

    /// <summary>What the cursors of a set give, each read to its end: the number, identifier and batch of every row.</summary>
    public static List<(int Number, DataViewRowId Id, long Batch)>[] ReadSet(IDataView view, int cursors, Random? random = null)
        => view.GetRowCursorSet([view.Schema[nameof(NumberedRow.Number)]], cursors, random).Select(Read).ToArray();

    private static List<(int Number, DataViewRowId Id, long Batch)> Read(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var number = cursor.GetGetter<int>(cursor.Schema[nameof(NumberedRow.Number)]);
            var id = cursor.GetIdGetter();
            var rows = new List<(int, DataViewRowId, long)>();
            while (cursor.MoveNext())
            {
                Assert.Equal(rows.Count, cursor.Position);
                int value = 0;
                DataViewRowId rowId = default;
                number(ref value);
                id(ref rowId);
                rows.Add((value, rowId, cursor.Batch));
            }
            Assert.False(cursor.MoveNext());
            return rows;
        }
    }
}
