using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Text;

public sealed class LoadFromTextFileTests : IDisposable
{
    private readonly MLContext _context = new();
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Columns_ComeFromTheirFields()
    {
        var data = Load("label,a,b,c\nx,1,2,3\ny,4,5,6\n", hasHeader: true,
            new("Label", DataKind.String, 0), new("Features", DataKind.Single, 1, 3), new("Second", DataKind.Int32, 2));
        Assert.Equal(["Label: String", "Features: Vector<Single, 3>", "Second: Int32"], data.Schema.Select(column => column.ToString()));
        Assert.Equal(["x", "y"], data.GetColumn<string>("Label"));
        Assert.Equal([1f, 2f, 3f, 4f, 5f, 6f], data.GetColumn<float[]>("Features").SelectMany(row => row));
        Assert.Equal([2, 5], data.GetColumn<int>("Second"));
        Assert.Null(data.GetRowCount());
    }

    [Fact]
    public void Ranges_MayBeSeveral_AndOneFieldMayBeAVector()
    {
        var data = Load("1,2,3,4\n", false,
            new("Mixed", DataKind.Double, [new TextLoader.Range(3), new TextLoader.Range(0, 1)]), new("One", DataKind.Single, 2, 2));
        Assert.Equal([4.0, 1.0, 2.0], data.GetColumn<double[]>("Mixed").Single());
        Assert.Equal([3f], data.GetColumn<float[]>("One").Single());
    }

    [Fact]
    public void CommentsAndEmptyLines_AreLeftOut()
        => Assert.Equal([1f, 2f], Load("# a comment\n\n// another\nheader\n1\n\n// last\n2", true, new TextLoader.Column("Value", DataKind.Single, 0))
            .GetColumn<float>("Value"));

    [Theory]
    [InlineData("a b,2", "a b")]
    [InlineData("  a b  ,2", "a b  ")]
    [InlineData("\"a,b\",2", "a,b")]
    [InlineData("\"a \"\"b\"\"\"  ,2", "a \"b\"")]
    [InlineData("\"\",2", "")]
    [InlineData("\" a\",2", " a")]
    [InlineData("a\"b\",2", "a\"b\"")]
    [InlineData("\"a\"b,2", "")]
    public void QuotedFields_MayHoldSeparatorsAndQuotes(string line, string text)
    {
        File.WriteAllText(_file, line);
        var data = _context.Data.LoadFromTextFile(
            _file, [new("Text", DataKind.String, 0), new("Number", DataKind.Int32, 1)], separatorChar: ',', allowQuoting: true);
        Assert.Equal(text, data.GetColumn<string>("Text").Single());
        Assert.Equal(2, data.GetColumn<int>("Number").Single());
    }

    [Fact]
    public void Quotes_AreOrdinary_WhereNotAllowed()
        => Assert.Equal("\"a", Load("\"a,b\"\n", false, new TextLoader.Column("Text", DataKind.String, 0)).GetColumn<string>("Text").Single());

    [Theory]
    [InlineData("", 0f)]
    [InlineData("?", float.NaN)]
    [InlineData("NaN", float.NaN)]
    [InlineData("na", float.NaN)]
    [InlineData("N/A", float.NaN)]
    [InlineData("abc", float.NaN)]
    [InlineData("1x", float.NaN)]
    [InlineData("1.5e3", 1500f)]
    [InlineData("-.25", -0.25f)]
    [InlineData("+7", 7f)]
    [InlineData(" 7 ", 7f)]
    [InlineData("Infinity", float.PositiveInfinity)]
    [InlineData("-\u221e", float.NegativeInfinity)]
    [InlineData("1e50", float.PositiveInfinity)]
    [InlineData("0.1", 0.1f)]
    [InlineData("16777217", 16777216f)]
    public void Reals_AreReadOrMissing(string text, float value)
        => Assert.Equal(value, Load($"x,{text},y\n", false, new TextLoader.Column("Value", DataKind.Single, 1)).GetColumn<float>("Value").Single());

    [Fact]
    public void EmptyReals_AreNaN_WhereAskedFor_AndSoAreFieldsThatAreNotThere()
    {
        File.WriteAllText(_file, "1,,3\n4\n");
        var options = new TextLoader.Options
        {
            Columns = [new("Values", DataKind.Single, 0, 2)], Separators = [','], MissingRealsAsNaNs = true,
        };
        var rows = _context.Data.LoadFromTextFile(_file, options).GetColumn<float[]>("Values").ToArray();
        Assert.Equal([1f, float.NaN, 3f], rows[0]);
        Assert.Equal([4f, float.NaN, float.NaN], rows[1]);
    }

    [Fact]
    public void FieldsThatAreNotThere_AreDefaults_AndMostlyEmptyVectorsSparse()
    {
        var rows = Load("1\n1,2,3\n", false, new TextLoader.Column("Values", DataKind.Single, 0, 3)).GetColumn<VBuffer<float>>("Values")
            .Select(row => (row.IsDense, string.Join(" ", row.DenseValues()))).ToArray();
        Assert.Equal([(false, "1 0 0 0"), (true, "1 2 3 0")], rows);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("NO", false)]
    [InlineData("1", true)]
    [InlineData("-", false)]
    [InlineData("", false)]
    public void Booleans_AreWordsOrSigns(string text, bool value)
        => Assert.Equal(value, Load($"x,{text}\n", false, new TextLoader.Column("Value", DataKind.Boolean, 1)).GetColumn<bool>("Value").Single());

    [Theory]
    [InlineData("abc", DataKind.Int32)]
    [InlineData("1.5", DataKind.Int64)]
    [InlineData("-1", DataKind.UInt32)]
    [InlineData("300", DataKind.Byte)]
    [InlineData("maybe", DataKind.Boolean)]
    public void WhatIsNoValue_AndHasNoMissingOne_IsAnErrorThatNamesTextLineAndColumn(string text, DataKind kind)
    {
        var data = Load($"1\n{text}\n", false, new TextLoader.Column("Value", kind, 0));
        using var cursor = data.GetRowCursor(data.Schema);
        var error = Assert.Throws<FormatException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("Value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoValue_InAColumnNobodyAskedFor_IsNotRead()
        => Assert.Equal(["a"], Load("a,b\n", false, new("Asked", DataKind.String, 0), new("Other", DataKind.Int32, 1)).GetColumn<string>("Asked"));

    [Fact]
    public void Keys_CountFromZeroInTheFile()
    {
        var data = Load("0\n2\n3\n?\n", false, new TextLoader.Column("Key", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3)));
        Assert.Equal(new KeyDataViewType(typeof(uint), 3), data.Schema["Key"].Type);
        Assert.Equal([1u, 3u, 0u, 0u], data.GetColumn<uint>("Key"));
    }

    [Fact]
    public void Options_TakeSlotNamesFromTheHeader_AndTheWidthFromTheLines()
    {
        File.WriteAllText(_file, "label;first; second\n1;2;3\n");
        var data = _context.Data.LoadFromTextFile(_file, new TextLoader.Options { Separators = [';'], HasHeader = true });
        Assert.Equal(["Label: Single", "Features: Vector<Single, 2> {SlotNames}"], data.Schema.Select(column => column.ToString()));
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["first", "second"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Options_TrimLines()
    {
        File.WriteAllText(_file, "a,b   \nc,d\n");
        var options = new TextLoader.Options { Columns = [new("Text", DataKind.String, 1)], Separators = [','], TrimWhitespace = true };
        Assert.Equal(["b", "d"], _context.Data.LoadFromTextFile(_file, options).GetColumn<string>("Text"));
    }

    [Fact]
    public void AnyOfSeveralSeparators_Separates()
    {
        File.WriteAllText(_file, "a b;c\n");
        var options = new TextLoader.Options { Columns = [new("Texts", DataKind.String, 0, 2)], Separators = [';', ' '] };
        Assert.Equal(["a", "b", "c"], _context.Data.LoadFromTextFile(_file, options).GetColumn<string[]>("Texts").Single());
    }

    [Fact]
    public void LinesOfDifferentWidth_CannotTellWhereAnOpenRangeEnds()
    {
        File.WriteAllText(_file, "1\t2\n1\t2\t3\n");
        Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.LoadFromTextFile(_file));
    }

    [Fact]
    public void OverlappingRanges_AreRefused()
        => Assert.Throws<ArgumentOutOfRangeException>(
            () => Load("", false, new TextLoader.Column("Twice", DataKind.Single, [new TextLoader.Range(0, 2), new TextLoader.Range(2)])));

    [Fact]
    public void AMissingFile_IsAnErrorThatNamesIt()
        => Assert.Contains("nowhere.csv", Assert.Throws<ArgumentOutOfRangeException>(
            () => _context.Data.LoadFromTextFile<Typed>("nowhere.csv")).Message, StringComparison.Ordinal);

    [Fact]
    public void Members_AreLoaded_FromTheFieldsTheyName()
    {
        File.WriteAllText(_file, "x,1,2,7\n");
        var data = _context.Data.LoadFromTextFile<Typed>(_file, separatorChar: ',');
        Assert.Equal(["Name: String", "Features: Vector<Single, 2>", "Target: Key<UInt32, 0-9>"], data.Schema.Select(column => column.ToString()));
        var row = _context.Data.CreateEnumerable<Typed>(data, false).Single();
        Assert.Equal(("x", 1f, 2f, 8u), (row.Name, row.Features[0], row.Features[1], row.Label));
    }

    [Fact]
    public void AMemberThatNamesNoField_IsAnErrorThatNamesIt()
        => Assert.Contains("Unplaced", Assert.Throws<InvalidOperationException>(
            () => _context.Data.LoadFromTextFile<Partial>(_file)).Message, StringComparison.Ordinal);

    private IDataView Load(string text, bool hasHeader, params TextLoader.Column[] columns)
    {
        File.WriteAllText(_file, text);
        return _context.Data.LoadFromTextFile(_file, columns, separatorChar: ',', hasHeader: hasHeader);
    }

    private sealed class Typed
    {
        [LoadColumn(0)]
        public string Name { get; set; } = "";

        [LoadColumn(1, 2)]
        public float[] Features { get; set; } = [];

        [LoadColumn(3), ColumnName("Target"), KeyType(10)]
        public uint Label { get; set; }
    }

    private sealed class Partial
    {
        public float Unplaced { get; set; }
    }
}
