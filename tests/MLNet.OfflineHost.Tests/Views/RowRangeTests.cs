using Microsoft.ML;

namespace MLNet.OfflineHost.Tests.Views;

public sealed class RowRangeTests
{
    private readonly MLContext _context = new();

    [Theory]
    [InlineData(1, 9)]
    [InlineData(9, 1)]
    [InlineData(10, 0)]
    [InlineData(long.MaxValue, 0)]
    public void SkipRows_LeavesOutTheFirst(long skipped, int left)
    {
        var view = _context.Data.SkipRows(Data(10), skipped);
        Assert.Equal(Enumerable.Range(0, 10).TakeLast(left), Rows.Numbers(view));
        Assert.Equal(left, view.GetRowCount());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 10)]
    [InlineData(long.MaxValue, 10)]
    public void TakeRows_GivesTheFirst(long taken, int left)
    {
        var view = _context.Data.TakeRows(Data(10), taken);
        Assert.Equal(Enumerable.Range(0, left), Rows.Numbers(view));
        Assert.Equal(left, view.GetRowCount());
    }

    [Fact]
    public void TakeRows_ReadsNoFurther()
    {
        var read = -1;
        Rows.Numbers(_context.Data.TakeRows(_context.Data.LoadFromEnumerable(Rows.Numbered(1000, i => read = i)), 3));
        Assert.Equal(2, read);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void SkipOrTakeRows_OfNone_IsRefused(long count)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.SkipRows(Data(1), count));
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.TakeRows(Data(1), count));
    }

    private IDataView Data(int count) => _context.Data.LoadFromEnumerable(Rows.Numbered(count).ToArray());
}
