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
        var data = new MemoryView().WithScores(
            "P", [4], [[0.1f, 0.4f, 0.2f, 0.3f], [0.7f, 0.1f, 0.2f, 0]], Labels.SlotNames("ant", "bee", "cat", "dog"));

        var rows = Read(_mlContext.Transforms.TopK("Top", "P", k: 3).FitTransform(data));

        Assert.Equal(["bee", "dog", "cat"], rows[0].TopLabels);
        Assert.Equal([0.4f, 0.3f, 0.2f], rows[0].TopScores);
        Assert.Equal([1u, 3u, 2u], rows[0].TopIndices);
        Assert.Equal(["ant", "cat", "bee"], rows[1].TopLabels);
    }

    [Fact]
    public void Transformer_SaysWhichColumnsItAdds()
    {
        var data = new MemoryView().WithScores("P", [4], [[0.1f, 0.4f, 0.2f, 0.3f]]);
        var transformer = _mlContext.Transforms.TopK("Top", "P", k: 3).Fit(data);

        Assert.Equal("Top", transformer.OutputColumnPrefix);
        Assert.Equal(
            ("TopLabels", "TopScores", "TopIndices"),
            (transformer.LabelsColumnName, transformer.ScoresColumnName, transformer.IndicesColumnName));
        Assert.True(((ITransformer)transformer).IsRowToRowMapper);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 4)]
    [InlineData(5, 4)]
    [InlineData(int.MaxValue, 4)]
    public void TopK_ColumnsHaveTheSizeOfTheSmallerOfKAndTheClasses(int k, int size)
    {
        var output = _mlContext.Transforms.TopK("Top", "P", k).FitTransform(new MemoryView().WithScores("P", [4], [[1, 2, 3, 4]]));

        Assert.Equal(new VectorDataViewType(TextDataViewType.Instance, size), output.Schema["TopLabels"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, size), output.Schema["TopScores"].Type);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.UInt32, size), output.Schema["TopIndices"].Type);
        Assert.Equal(size, Read(output)[0].TopIndices.Length);
    }

    [Fact]
    public void TopK_Ties_GoToTheLowerIndexAndNaNGoesLast() =>
        Assert.Equal([0u, 2u, 3u, 1u], Top(new MemoryView().WithScores("P", [4], [[2, float.NaN, 2, float.NegativeInfinity]])).TopIndices);

    [Fact]
    public void TopK_OfASparseRow_CountsTheAbsentScoresAsZero()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 5);
        var data = new MemoryView().With("P", type, [new VBuffer<float>(5, 2, [3f, -1f], [1, 4])]);
        Assert.Equal([1u, 0u, 2u, 3u, 4u], Top(data).TopIndices);
    }

    public static TheoryData<DataViewSchema.Annotations?, string[]> Names() => new()
    {
        { null, ["1", "2", "0"] },
        // Slot names come first; names of another number of classes are not used.
        { Labels.Merge(Labels.TrainingLabelValues(NumberDataViewType.Int32, 10, 20, 30), Labels.SlotNames("x", "y", "z")),
            ["y", "z", "x"] },
        { Labels.SlotNames("x", "y"), ["1", "2", "0"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Int32, -1, 0, 7), ["0", "7", "-1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.UInt32, 1u, 5u, 9u), ["5", "9", "1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Byte, (byte)1, (byte)2, (byte)3), ["2", "3", "1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Int64, 1L, 1L << 40, 3L), ["1099511627776", "3", "1"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Single, 0.5f, 1.5f, 2.5f), ["1.5", "2.5", "0.5"] },
        { Labels.TrainingLabelValues(NumberDataViewType.Double, 0.5, 1e300, 2.5), ["1E+300", "2.5", "0.5"] },
        { Labels.TrainingLabelValues(BooleanDataViewType.Instance, false, true, false), ["True", "False", "False"] },
        { Labels.TrainingLabelValues(TextDataViewType.Instance, "a".AsMemory(), "b".AsMemory(), default), ["b", "2", "a"] },
        { Labels.TrainingLabelValues(DateTimeDataViewType.Instance, new DateTime(2020, 1, 2), new DateTime(2021, 1, 2), default),
            ["2021-01-02T00:00:00.0000000", "0001-01-01T00:00:00.0000000", "2020-01-02T00:00:00.0000000"] },
        { Labels.TrainingLabelValues(DateTimeOffsetDataViewType.Instance, new(2020, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)), default,
            new DateTimeOffset(2021, 1, 2, 0, 0, 0, TimeSpan.Zero)),
            ["0001-01-01T00:00:00.0000000+00:00", "2021-01-02T00:00:00.0000000+00:00", "2020-01-02T03:04:05.0000000+02:00"] },
        { Labels.TrainingLabelValues(TimeSpanDataViewType.Instance, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1.5), default),
            ["1.12:00:00", "00:00:00", "00:01:00"] },
    };

    [Theory]
    [MemberData(nameof(Names), DisableDiscoveryEnumeration = true)]
    public void TopK_SlotNamesElseTrainingLabelValuesOfAnyTypeElseIndices_AreTheLabels(
        DataViewSchema.Annotations? names, string[] expected) =>
        Assert.Equal(expected, Top(new MemoryView().WithScores("P", [3], [[1, 3, 2]], names)).TopLabels);

    [Fact]
    public void TopK_SearchesEachRowOnceForItsThreeColumns_OfWhichOneAloneIsAsOfAll()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2], [3, 2, 1]]);
        var output = _mlContext.Transforms.TopK("Top", "P", k: 2).FitTransform(data);
        var labels = Read(output).Select(row => row.TopLabels);

        Assert.Equal(2, data.Reads("P"));
        Assert.Equal(labels, output.GetColumn<string[]>("TopLabels"));
    }

    [Fact]
    public void TopK_WithoutInputName_ReadsTheColumnOfThePrefix()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]]);
        Assert.Equal([1u], _mlContext.Transforms.TopK("P", k: 1).FitTransform(data).GetColumn<uint[]>("PIndices").Single());
    }

    [Fact]
    public void TopK_NamesFromOutside_AreTheLabelsAndAreSaved()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 3, 2]]);
        var model = _mlContext.Transforms.TopK("Top", "Score", k: 2, classNames: ["cat", "dog", "emu"]).Fit(data);
        var loaded = Scores.SaveAndLoad(model, data.Schema);

        foreach (var transformer in new[] { model, loaded })
            Assert.Equal(["dog", "emu"], transformer.Transform(data).GetColumn<string[]>("TopLabels").Single());
        Assert.Equal(["cat", "dog", "emu"], ((TopKTransformer)loaded).ClassNames);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => _mlContext.Transforms.TopK("Top", "Score", classNames: ["cat"]).Fit(data), "given 1 class names", "has 3 classes");
    }

    [Fact]
    public void ScoresByClass_OfOneRow_AreFoundByName()
    {
        var schema = new MemoryView().WithScores("Score", [3], [], Labels.SlotNames("cat", "dog", "emu"))
            .WithScores("Unnamed", [2], []).WithScores("Twice", [2], [], Labels.SlotNames("cat", "cat")).Schema;

        Assert.Equal(new() { ["cat"] = 1, ["dog"] = 3, ["emu"] = 2 }, schema["Score"].ScoresByClass([1, 3, 2]));
        Assert.Equal(new() { ["0"] = 0.25f, ["1"] = 0.75f }, schema["Unnamed"].ScoresByClass([0.25f, 0.75f]));
        Refusal.Of<ArgumentException>(() => schema["Score"].ScoresByClass([1, 2]), "'Score' is Vector<Single, 3>, but 2 scores");
        Refusal.Of<ArgumentException>(() => schema["Twice"].ScoresByClass([1, 2]), "Two classes of column 'Twice' are named 'cat'");
    }

    [Fact]
    public void TopK_SavedAndLoadedInANewContext_GivesTheSameRowByRow()
    {
        var rows = Scores.Logits(20);
        var data = Scores.View(_mlContext, rows);
        var model = _mlContext.Transforms.Softmax("P", "Score").Append(_mlContext.Transforms.TopK("Top", "P", k: 2)).Fit(data);
        var expected = Read(model.Transform(data));

        using var engine = _mlContext.Model.CreatePredictionEngine<ScoreRow, TopRow>(Scores.SaveAndLoad(model, data.Schema));
        for (var i = 0; i < rows.Length; i++)
            Assert.Equivalent(expected[i], engine.Predict(rows[i]));
    }

    [Fact]
    public void TopK_OfOneClass_IsLoaded()
    {
        var data = new MemoryView().WithScores("P", [3], [[1, 3, 2]]);
        var loaded = Scores.SaveAndLoad(_mlContext.Transforms.TopK("Top", "P", k: 1).Fit(data), data.Schema);
        Assert.Equal([1u], loaded.Transform(data).GetColumn<uint[]>("TopIndices").Single());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void TopK_KBelowOne_IsRefused(int k) =>
        Assert.Equal("k", Refusal.Of<ArgumentOutOfRangeException>(() => _mlContext.Transforms.TopK("Top", "P", k), $"{k}").ParamName);

    private TopRow Top(IDataView data) => Read(_mlContext.Transforms.TopK("Top", "P").FitTransform(data))[0];

    private List<TopRow> Read(IDataView data) => [.. _mlContext.Data.CreateEnumerable<TopRow>(data, reuseRowObject: false)];
}
