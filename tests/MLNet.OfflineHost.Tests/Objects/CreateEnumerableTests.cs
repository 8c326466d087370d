using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Objects;

public sealed class CreateEnumerableTests
{
    private readonly MLContext _context = new();
    private readonly IDataView _data;

    public CreateEnumerableTests() => _data = _context.Data.LoadFromEnumerable(new[]
    {
        new Row { Number = 1, Text = "one", Vector = [1, 2], Sparse = new VBuffer<float>(4, 1, [5f], [2]), Key = 0 },
        new Row { Number = 2, Text = "two", Vector = [3, 4], Sparse = new VBuffer<float>(4, [1f, 2f, 3f, 4f]), Key = 9 },
    });

    [Fact]
    public void Rows_ComeBackAsTheyWere_KeysCountedFromOne()
    {
        var rows = _context.Data.CreateEnumerable<Row>(_data, reuseRowObject: false).ToArray();
        Assert.Equal([1, 2], rows.Select(row => row.Number));
        Assert.Equal(["one", "two"], rows.Select(row => row.Text));
        Assert.Equal([1f, 2f, 3f, 4f], rows.SelectMany(row => row.Vector));
        Assert.Equal([0f, 0f, 5f, 0f], rows[0].Sparse.DenseValues());
        Assert.False(rows[0].Sparse.IsDense);
        Assert.Equal([1u, 0u], rows.Select(row => row.Key));
    }

    [Fact]
    public void ReusedRow_IsOneObject_AndKeepsItsArray()
    {
        var rows = _context.Data.CreateEnumerable<Row>(_data, reuseRowObject: true);
        Assert.Single(rows.Distinct());
        Assert.Single(rows.Select(row => row.Vector).Distinct());
    }

    [Fact]
    public void MissingColumns_AreAnErrorThatNamesThem_OrLeftAlone()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.CreateEnumerable<Wider>(_data, false).ToArray());
        Assert.Contains("Missing", error.Message, StringComparison.Ordinal);
        var rows = _context.Data.CreateEnumerable<Wider>(_data, false, ignoreMissingColumns: true).ToArray();
        Assert.Equal([1, 2], rows.Select(row => row.Number));
        Assert.Equal(["as before", "as before"], rows.Select(row => row.Missing));
    }

    [Fact]
    public void AMemberOfAnotherType_IsAnErrorThatNamesIt()
    {
        var error = Assert.Throws<InvalidOperationException>(() => _context.Data.CreateEnumerable<Mistyped>(_data, false).ToArray());
        Assert.Contains("Number", error.Message, StringComparison.Ordinal);
        Assert.Contains("Int32", error.Message, StringComparison.Ordinal);
    }

    private sealed class Row
    {
        public int Number { get; set; }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Vector { get; set; } = [];

        [VectorType(4)]
        public VBuffer<float> Sparse { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }
    }

    private sealed class Wider
    {
        public int Number { get; set; }

        public string Missing { get; set; } = "as before";
    }

    private sealed class Mistyped
    {
        public float Number { get; set; }
    }
}
