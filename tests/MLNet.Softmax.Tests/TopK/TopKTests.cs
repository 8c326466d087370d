namespace MLNet.Softmax.Tests;

public class TopKTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    private sealed class TopRow
    {
        public string[] TopLabels { get; set; } = [];

        public float[] TopScores { get; set; } = [];

        public uint[] TopIndices { get; set; } = [];
    }

    [Fact]
    public void TopK_AddsLabelsScoresAndIndices_HighestFirst()
    {
        var data = new MemoryView().WithScores("P", [4], [[0.1f, 0.4f, 0.2f, 0.3f], [0.7f, 0.1f, 0.2f, 0]], Labels.SlotNames("ant", "bee", "cat", "dog"));

        var rows = Read(_mlContext.Transforms.TopK("Top", "P", k: 3).Fit(data).Transform(data));

        Assert.Equal(["bee", "dog", "cat"], rows[0].TopLabels);
        Assert.Equal([0.4f, 0.3f, 0.2f], rows[0].TopScores);
        Assert.Equal([1u, 3u, 2u], rows[0].TopIndices);
        Assert.Equal(["ant", "cat", "bee"], rows[1].TopLabels);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(int.MaxValue, 4)]
    public void TopK_ColumnsHaveTheSizeOfTheSmallerOfKAndTheClasses(int k, int size)
    {
        var data = new MemoryView().WithScores("P", [4], [[1, 2, 3, 4]]);

        var output = _mlContext.Transforms.TopK("Top", "P", k).Fit(data).Transform(data);

        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance, size), output.Schema["TopLabels"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, size), output.Schema["TopScores"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.UInt32, size), output.Schema["TopIndices"].Type);
        Assert.Equal(size, Read(output)[0].TopIndices.Length);
    }

    [Fact]
    public void TopK_Ties_GoToTheLowerIndexAndNaNGoesLast()
    {
        var data = new MemoryView().WithScores("P", [4], [[2, float.NaN, 2, float.NegativeInfinity]]);

        Assert.Equal([0u, 2u, 3u, 1u], Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data))[0].TopIndices);
    }

    [Fact]
    public void TopK_OfASparseRow_CountsTheAbsentScoresAsZero()
    {
        var data = new MemoryView().With("P", new VectorDataViewType(NumberDataViewType.Single, 5), [new VBuffer<float>(5, 2, [3f, -1f], [1, 4])]);

        Assert.Equal([1u, 0u, 2u, 3u, 4u], Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data))[0].TopIndices);
    }

    [Fact]
    public void TopK_WithoutNames_CallsClassesByTheirIndex()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]]);

        Assert.Equal(["1", "2", "0"], Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data))[0].TopLabels);
    }

    [Fact]
    public void TopK_PrefersSlotNamesToTrainingLabelValues()
    {
        var names = Labels.Merge(Labels.TrainingLabelValues(NumberDataViewType.Int32, 10, 20, 30), Labels.SlotNames("x", "y", "z"));
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]], names);

        Assert.Equal(["y", "z", "x"], Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data))[0].TopLabels);
    }

    public static TheoryData<DataViewSchema.Annotations, string[]> LabelTypes() => new()
    {
        { Labels.TrainingLabelValues(NumberDataViewType.Int32, -1, 0, 7), ["0", "7", "-1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.UInt32, 1u, 5u, 9u), ["5", "9", "1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Byte, (byte)1, (byte)2, (byte)3), ["2", "3", "1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Int64, 1L, 1L << 40, 3L), ["1099511627776", "3", "1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Single, 0.5f, 1.5f, 2.5f), ["1.5", "2.5", "0.5"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Double, 0.5, 1e300, 2.5), ["1E+300", "2.5", "0.5"] },
        { Labels.TrainingLabelValues(BooleanDataViewType.Instance, false, true, false), ["True", "False", "False"] },
        { Labels.TrainingLabelValues(TextDataViewType.Instance, "a".AsMemory(), "b".AsMemory(), default), ["b", "2", "a"] },
        { Labels.TrainingLabelValues(DateTimeDataViewType.Instance, new DateTime(2020, 1, 2), new DateTime(2021, 1, 2), default), ["2021-01-02T00:00:00.0000000", "0001-01-01T00:00:00.0000000", "2020-01-02T00:00:00.0000000"] },
    };

    [Theory]
    [MemberData(nameof(LabelTypes), DisableDiscoveryEnumeration = true)]
    public void TopK_TrainingLabelValuesOfAnyType_AreWrittenAsText(DataViewSchema.Annotations names, string[] expected)
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]], names);

        Assert.Equal(expected, Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data))[0].TopLabels);
    }

    [Fact]
    public void TopK_NamesOfAnotherNumberOfClasses_AreNotUsed()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]], Labels.SlotNames("x", "y"));

        Assert.Equal(["1", "2", "0"], Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data))[0].TopLabels);
    }

    [Fact]
    public void TopK_SearchesEachRowOnceForItsThreeColumns()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2], [3, 2, 1]]);

        Read(_mlContext.Transforms.TopK("Top", "P").Fit(data).Transform(data));

        Assert.Equal(2, data.Reads("P"));
    }

    [Fact]
    public void TopK_OfOneRequestedColumn_IsAsOfAll()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2], [3, 2, 1]]);
        var output = _mlContext.Transforms.TopK("Top", "P", k: 2).Fit(data).Transform(data);

        Assert.Equal(Read(output).Select(row => row.TopLabels), output.GetColumn<string[]>("TopLabels"));
    }

    [Fact]
    public void TopK_WithoutInputName_ReadsTheColumnOfThePrefix()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]]);

        Assert.Equal([1u], _mlContext.Transforms.TopK("P", k: 1).Fit(data).Transform(data).GetColumn<uint[]>("PIndices").Single());
    }

    [Fact]
    public void TopK_SavedAndLoadedInANewContext_GivesTheSameRowByRow()
    {
        var rows = Scores.Logits(20);
        var data = Scores.View(_mlContext, rows);
        var model = _mlContext.Transforms.Softmax("P", "Score").Append(_mlContext.Transforms.TopK("Top", "P", k: 2)).Fit(data);
        var expected = Read(model.Transform(data));

        var loaded = Scores.SaveAndLoad(model, data.Schema);

        using var engine = _mlContext.Model.CreatePredictionEngine<ScoreRow, TopRow>(loaded);
        for (var i = 0; i < rows.Length; i++) Assert.Equivalent(expected[i], engine.Predict(rows[i]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void TopK_KBelowOne_IsRefused(int k)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.TopK("Top", "P", k));

        Assert.Equal("k", error.ParamName);
        Assert.Contains($"{k}", error.Message, StringComparison.Ordinal);
    }

    private List<TopRow> Read(IDataView data) => [.. _mlContext.Data.CreateEnumerable<TopRow>(data, reuseRowObject: false)];
}
