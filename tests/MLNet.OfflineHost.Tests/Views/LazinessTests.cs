using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Views;

public sealed class LazinessTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void NothingIsRead_BeforeACursorMoves()
    {
        var reads = 0;
        var data = _context.Data.LoadFromEnumerable(Rows.Numbered(5, _ => reads++));
        var view = _context.Data.TakeRows(_context.Data.TrainTestSplit(_context.Data.SkipRows(data, 1)).TrainSet, 3);
        using var cursor = view.GetRowCursor([view.Schema["Number"]]);
        _ = cursor.GetGetter<int>(view.Schema["Number"]);
        Assert.Equal(0, reads);
    }

    [Fact]
    public void RowsAreStreamed_OneAtATime()
    {
        var read = -1;
        var data = _context.Data.LoadFromEnumerable(Rows.Numbered(int.MaxValue, i => read = i));
        foreach (var number in data.GetColumn<int>("Number").Take(100))
            Assert.Equal(number, read);
    }

    [Fact]
    public void AColumnNobodyAskedFor_IsNotComputed()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 3).Select(_ => new WatchedRow()).ToArray());
        Assert.Equal([1, 1, 1], data.GetColumn<int>(nameof(WatchedRow.Asked)));
        Assert.Throws<NotSupportedException>(() => data.GetColumn<int>(nameof(WatchedRow.NotAsked)).ToArray());
    }

    [Fact]
    public void AColumnThatIsNotActive_GivesNoGetter()
    {
        var data = _context.Data.LoadFromEnumerable(Rows.Numbered(1));
        using var cursor = data.GetRowCursor([data.Schema["Number"]]);
        Assert.True(cursor.IsColumnActive(data.Schema["Number"]));
        Assert.False(cursor.IsColumnActive(data.Schema["Name"]));
        Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Name"]));
    }

    [Fact]
    public void AGetterOfTheWrongType_IsRefused_NamingBoth()
    {
        var data = _context.Data.LoadFromEnumerable(Rows.Numbered(1));
        using var cursor = data.GetRowCursor(data.Schema);
        var error = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Number"]));
        Assert.Contains("System.Single", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Position_IsMinusOneBeforeAndAfterTheRows()
    {
        using var cursor = _context.Data.LoadFromEnumerable(Rows.Numbered(1)).GetRowCursor([]);
        Assert.Equal(-1, cursor.Position);
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
    }

    private sealed class WatchedRow
    {
        public int Asked => 1;

        public int NotAsked => throw new NotSupportedException();
    }
}
