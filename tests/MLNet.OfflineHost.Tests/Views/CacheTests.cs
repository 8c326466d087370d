using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Views;

public sealed class CacheTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Cache_GivesTheRowsInTheirOrder_AgainAndAgain()
    {
        var cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows.Numbered(10).ToArray()));
        Assert.Equal(Enumerable.Range(0, 10), Rows.Numbers(cached));
        Assert.Equal(Enumerable.Range(0, 10), Rows.Numbers(cached));
        Assert.Equal([0, -9], new[] { 0, 9 }.Select(i => (int)cached.GetColumn<float[]>("Vector").ElementAt(i)[1]));
        Assert.Equal(10, cached.GetRowCount());
    }

    [Fact]
    public void Cache_ReadsAColumnOfTheDataOnlyOnce()
    {
        var reads = 0;
        var cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows.Numbered(10, _ => Interlocked.Increment(ref reads))));
        Assert.Equal(0, reads);
        Rows.Numbers(cached);
        Rows.Numbers(cached);
        Assert.Equal(10, reads);
        _ = cached.GetColumn<string>("Name").Count();
        Assert.Equal(20, reads);
    }

    [Fact]
    public void Cache_WithRandom_ShufflesAsMLNetDoes()
    {
        var cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows.Numbered(10).ToArray()));
        Assert.True(cached.CanShuffle);
        using var cursor = cached.GetRowCursor([cached.Schema["Number"]], new Random(1));
        var number = cursor.GetGetter<int>(cached.Schema["Number"]);
        var order = new List<int>();
        for (var value = 0; cursor.MoveNext();)
        {
            number(ref value);
            order.Add(value);
        }
        Assert.Equal("2 1 5 8 7 4 0 9 3 6", string.Join(" ", order));
    }

    [Fact]
    public void Cache_KeepsSparseVectorsSparse()
    {
        var rows = new[] { new SparseRow { Vector = new VBuffer<float>(5, 1, [2f], [3]) } };
        var cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(rows));
        var vector = cached.GetColumn<VBuffer<float>>("Vector").Single();
        Assert.False(vector.IsDense);
        Assert.Equal([0, 0, 0, 2, 0], vector.DenseValues());
    }

    [Fact]
    public void Cache_OfAMissingColumn_NamesIt()
        => Assert.Contains("Nowhere", Assert.Throws<ArgumentOutOfRangeException>(
            () => _context.Data.Cache(_context.Data.LoadFromEnumerable(Rows.Numbered(1)), "Nowhere")).Message, StringComparison.Ordinal);

    private sealed class SparseRow
    {
        [VectorType(5)]
        public VBuffer<float> Vector { get; set; }
    }
}
