using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Views;

public sealed class CursorSetTests : IDisposable
{
    private const int RowCount = 1000;

    private readonly MLContext _context = new(seed: 1);
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Kinds => ["enumerable", "cache", "take", "split", "text"];

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void CursorSet_VisitsEveryRowOnce_WithTheIdentifierOfTheSingleCursor(string kind)
    {
        var view = View(kind);
        var alone = Rows.ReadSet(view, 1).Single();
        var together = Rows.ReadSet(view, 3).SelectMany(rows => rows).ToList();
        Assert.Equal(alone.Count, together.Count);
        Assert.Equal(alone.ToDictionary(row => row.Id, row => row.Number), together.ToDictionary(row => row.Id, row => row.Number));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void CursorSet_MergedByBatch_GivesTheOrderOfTheSingleCursor(string kind)
    {
        var view = View(kind);
        var cursors = Rows.ReadSet(view, 3);
        Assert.All(cursors, rows => Assert.Equal(rows.Select(row => row.Batch).Order(), rows.Select(row => row.Batch)));
        Assert.All(cursors.SelectMany((rows, cursor) => rows.Select(row => (row.Batch, cursor))).Distinct().GroupBy(pair => pair.Batch),
            batch => Assert.Single(batch));
        Assert.Equal(Rows.Numbers(view), cursors.SelectMany(rows => rows).OrderBy(row => row.Batch).Select(row => row.Number));
    }

    [Fact]
    public void CursorSet_ReadByThreads_GivesEveryRow()
    {
        var view = View("cache");
        var numbers = view.GetRowCursorSet([view.Schema["Number"]], 4).AsParallel().WithDegreeOfParallelism(4).SelectMany(cursor =>
        {
            var getter = cursor.GetGetter<int>(view.Schema["Number"]);
            var read = new List<int>();
            for (var number = 0; cursor.MoveNext();)
            {
                getter(ref number);
                read.Add(number);
            }
            return read;
        });
        Assert.Equal(Enumerable.Range(0, RowCount), numbers.Order());
    }

    private IDataView View(string kind)
    {
        var rows = _context.Data.LoadFromEnumerable(Rows.Numbered(RowCount).ToArray());
        switch (kind)
        {
            case "cache":
                return _context.Data.Cache(rows);
            case "take":
                return _context.Data.TakeRows(rows, 300);
            case "split":
                return _context.Data.TrainTestSplit(rows).TrainSet;
            case "text":
                File.WriteAllLines(_file, Enumerable.Range(0, RowCount).Select(i => $"{i}"));
                return _context.Data.LoadFromTextFile(_file, [new TextLoader.Column("Number", DataKind.Int32, 0)]);
            default:
                return rows;
        }
    }
}
