using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Objects;

public sealed class LoadFromEnumerableTests
{
    private readonly MLContext _context = new();

    [Fact]
    public void Members_AreColumns_InTheirOrder_FieldsFirst()
        => Assert.Equal(
            ["Field: Double", "Text: String", "Renamed: Int32", "Known: Vector<Single, 2>", "Tensor: Vector<Byte, 2, 3>", "Unknown: Vector<String>",
                "Key: Key<UInt32, 0-2>", "Keys: Vector<Key<Byte, 0-4>, 2>", "Truth: Boolean"],
            _context.Data.LoadFromEnumerable(new[] { new EveryKind() }).Schema.Select(column => column.ToString()));

    [Fact]
    public void Values_AreTheMembers_KeysCountedFromOne()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new EveryKind(), new EveryKind { Key = 3, Text = null!, Unknown = null! } });
        Assert.Equal([1.5, 1.5], data.GetColumn<double>("Field"));
        Assert.Equal(["some text", ""], data.GetColumn<string>("Text"));
        Assert.Equal([7, 7], data.GetColumn<int>("Renamed"));
        Assert.Equal([1f, 2f], data.GetColumn<float[]>("Known").First());
        Assert.Equal(["a", "b"], data.GetColumn<string[]>("Unknown").First());
        Assert.Empty(data.GetColumn<string[]>("Unknown").Last());
        Assert.Equal([3u, 0u], data.GetColumn<uint>("Key"));
        Assert.Equal([true, true], data.GetColumn<bool>("Truth"));
    }

    [Fact]
    public void SchemaDefinition_SetsTypesNamesAndAnnotations()
    {
        var definition = SchemaDefinition.Create(typeof(Vectors));
        definition["Values"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Values"].AddAnnotation("SlotNames", new[] { "first", "second" }, new VectorDataViewType(TextDataViewType.Instance, 2));
        definition["Values"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        definition["Values"].ColumnName = "Features";
        var column = _context.Data.LoadFromEnumerable(new[] { new Vectors { Values = [1, 2] } }, definition).Schema.Single();
        Assert.Equal("Features", column.Name);
        Assert.True(column.HasSlotNames());
        Assert.True(column.IsNormalized());
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        Assert.Equal(["first", "second"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void SchemaDefinition_OfAnotherType_IsRefused_NamingTheColumn()
    {
        var definition = SchemaDefinition.Create(typeof(Vectors));
        definition["Values"].ColumnType = NumberDataViewType.Single;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.LoadFromEnumerable(new[] { new Vectors() }, definition));
        Assert.Contains("'Values'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SchemaDefinition_WithoutAColumn_LeavesItOut()
    {
        var definition = SchemaDefinition.Create(typeof(EveryKind));
        definition.RemoveAll(column => column.ColumnName != "Truth");
        Assert.Equal("Truth", _context.Data.LoadFromEnumerable(new[] { new EveryKind() }, definition).Schema.Single().Name);
    }

    [Fact]
    public void TwoMembersOfOneName_AreRefused()
        => Assert.Contains("Same", Assert.Throws<ArgumentOutOfRangeException>(
            () => _context.Data.LoadFromEnumerable(Array.Empty<Twice>())).Message, StringComparison.Ordinal);

    [Fact]
    public void AMemberThatNoColumnHolds_IsRefused_NamingIt()
        => Assert.Contains("Unfit", Assert.Throws<ArgumentOutOfRangeException>(
            () => _context.Data.LoadFromEnumerable(Array.Empty<Foreign>())).Message, StringComparison.Ordinal);

    [Fact]
    public void ANullRow_IsAnError()
        => Assert.Throws<InvalidOperationException>(() => _context.Data.LoadFromEnumerable(new Vectors[] { null! }).GetColumn<float[]>("Values").ToArray());

    [Fact]
    public void GetRowCount_IsKnownOfACollection_AndOfNothingElse()
    {
        Assert.Equal(2, _context.Data.LoadFromEnumerable(new List<Vectors> { new(), new() }).GetRowCount());
        Assert.Null(_context.Data.LoadFromEnumerable(Enumerable.Range(0, 2).Select(_ => new Vectors())).GetRowCount());
    }

    [Fact]
    public void AnonymousTypes_AreRowsToo()
        => Assert.Equal([1, 2], _context.Data.LoadFromEnumerable(new[] { new { Id = 1 }, new { Id = 2 } }).GetColumn<int>("Id"));

    [Fact]
    public void GetColumn_OfAnotherType_NamesColumnAndType()
    {
        var data = _context.Data.LoadFromEnumerable(new[] { new EveryKind() });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Text"));
        Assert.Contains("Text", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Single", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nowhere", Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Nowhere")).Message, StringComparison.Ordinal);
    }

    private sealed class EveryKind
    {
        public double Field = 1.5;

        public string Text { get; set; } = "some text";

        [ColumnName("Renamed")]
        public int Number { get; set; } = 7;

        [VectorType(2)]
        public float[] Known { get; set; } = [1, 2];

        [VectorType(2, 3)]
        public VBuffer<byte> Tensor { get; set; }

        public string[] Unknown { get; set; } = ["a", "b"];

        [KeyType(3)]
        public uint Key { get; set; } = 2;

        [KeyType(5), VectorType(2)]
        public byte[] Keys { get; set; } = [1, 2];

        public bool Truth { get; set; } = true;

        [NoColumn]
        public object Ignored { get; set; } = new();
    }

    private sealed class Vectors
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class Twice
    {
        public int Same { get; set; }

        [ColumnName("Same")]
        public int Other { get; set; }
    }

    private sealed class Foreign
    {
        public List<string> Unfit { get; set; } = [];
    }
}
