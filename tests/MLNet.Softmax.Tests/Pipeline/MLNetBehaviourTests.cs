namespace MLNet.Softmax.Tests;

/// <summary>What this library relies on in ML.NET: rows, keys, annotations and chains, each with one of our steps behind it.</summary>
public sealed class MLNetBehaviourTests : IDisposable
{
    private const int RowCount = 500;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("enumerable")]
    [InlineData("cache")]
    [InlineData("take")]
    [InlineData("split")]
    [InlineData("text")]
    public void CursorSet_OfAnyView_GivesTheRowsOfOneCursorInTheOrderOfTheirBatches(string kind)
    {
        var source = View(kind);
        var output = _mlContext.Transforms.Softmax("P", "Score").FitTransform(source);

        var alone = Read(output.GetRowCursor(output.Schema));
        var together = output.GetRowCursorSet(output.Schema, 3).SelectMany(Read).OrderBy(row => row.Batch).ToArray();

        Assert.NotEmpty(alone);
        Assert.Equal(alone.Select(row => (row.Id, row.P)), together.Select(row => (row.Id, row.P)));
    }

    [Fact]
    public void Annotations_OfAColumn_SurviveEveryStepThatKeepsIt()
    {
        var data = new MemoryView()
            .WithScores("Score", [3], Scores.LogitRows(20), Labels.SlotNames("ant", "bee", "cat"));
        var model = _mlContext.Transforms.CopyColumns("Copy", "Score").AppendCacheCheckpoint(_mlContext)
            .Append(_mlContext.Transforms.SelectColumns("Copy")).Append(_mlContext.Transforms.Softmax("P", "Copy")).Fit(data);
        var output = _mlContext.Data.TakeRows(_mlContext.Data.Cache(_mlContext.Data.ShuffleRows(model.Transform(data))), 5);

        foreach (var view in new[] { output, _mlContext.Data.TrainTestSplit(output).TrainSet })
            Assert.Equal(["ant", "bee", "cat"], view.Schema["P"].TextAnnotation("SlotNames"));
    }

    [Fact]
    public void Keys_OfObjects_CountFromZeroAndThoseOfColumnsFromOne()
    {
        var data = _mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, 4).Select(i => new KeyedRow { Label = (uint)i, Probability = [0.5f, 0.3f, 0.2f] }));

        Assert.Equal([1u, 2, 3, 0], data.GetColumn<uint>("Label"));
        var metrics = _mlContext.MulticlassClassification.EvaluateProbabilities(data);
        Assert.Equal((3, 1, 1 / 3.0), (metrics.RowsUsed, metrics.RowsLeftOut.Total, metrics.MicroAccuracy));
    }

    [Fact]
    public void MapValueToKey_EmptyOrUnknownText_IsAMissingLabel()
    {
        var train = Named("dog", "cat", "dog");
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(train);

        var output = keys.Transform(Named("cat", "", "unknown", "dog"));

        Assert.Equal([2u, 0, 0, 1], output.GetColumn<uint>("Label"));
        Assert.Equal(["dog", "cat"], output.Schema["Label"].TextAnnotation("KeyValues"));
        Assert.Equal(2, _mlContext.MulticlassClassification.EvaluateProbabilities(output).RowsUsed);
    }

    [Fact]
    public void Fit_OfAChainWithAMistakeInALaterStep_ReadsNoRow()
    {
        var data = new MemoryView().WithScores("Score", [3], [[1, 2, 3]]);
        var pipeline = _mlContext.Transforms.Softmax("P", "Score").Append(_mlContext.Transforms.TopK("Top", "Absent"));

        Refusal.Of<ArgumentOutOfRangeException>(() => pipeline.Fit(data), "Absent");
        Assert.Equal(0, data.RowsVisited);
    }

    [Fact]
    public void Cache_UnderAFit_IsFilledOnce()
    {
        var source = new MemoryView().WithScores("Score", [3], Scores.LogitRows(RowCount))
            .WithKeys("Label", 3, [.. Enumerable.Range(0, RowCount).Select(row => (uint)(row % 3) + 1)]);
        var cached = _mlContext.Data.Cache(source);

        var model = _mlContext.MulticlassClassification.Calibrators.Temperature().Fit(cached);
        _ = model.Transform(cached).Column("Probability");

        Assert.Equal((RowCount, RowCount), (source.Reads("Score"), source.Reads("Label")));
    }

    [Fact]
    public void RowMapperOfAChain_DependsOnWhatTheColumnsAskedForNeed()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Scores.Logits(10));
        ITransformer model = _mlContext.Transforms.CopyColumns("Copy", "Score").Append(_mlContext.Transforms.Softmax("P", "Copy"))
            .Append(_mlContext.Transforms.TopK("Top", "P")).Fit(data);
        var mapper = model.GetRowToRowMapper(data.Schema);

        Assert.Equal(["Score"], mapper.GetDependencies([mapper.OutputSchema["TopLabels"]]).Select(column => column.Name));
        Assert.Empty(mapper.GetDependencies([]));
        Assert.Equal(
            model.Transform(data).Schema.Select(column => column.ToString()), mapper.OutputSchema.Select(column => column.ToString()));
    }

    [Fact]
    public void Evaluate_OfMLNet_GivesTiesToTheLowerIndexAndLeavesOutRowsWithoutLabelOrScores()
    {
        var data = new MemoryView()
            .WithScores("Score", [3], [[0.5f, 0.5f, 0], [0.5f, 0.5f, 0], [0.2f, 0.2f, 0.6f], [float.NaN, 0, 0]])
            .WithKeys("Label", 3, [1, 2, 0, 1])
            .WithKeys("PredictedLabel", 3, [1, 1, 3, 1]);

        var theirs = _mlContext.MulticlassClassification.Evaluate(data);
        var ours = _mlContext.MulticlassClassification.EvaluateProbabilities(data, probabilityColumnName: "Score");

        Assert.Equal(0.5, theirs.MicroAccuracy);
        Assert.Equal((0.5, 2), (ours.MicroAccuracy, ours.RowsUsed));
        Assert.Equal(theirs.LogLoss, ours.LogLoss, 1e-12);
    }

    private IDataView View(string kind)
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Scores.Logits(RowCount));
        File.WriteAllLines(_file, Enumerable.Range(0, RowCount).Select(row => $"{row}\t{-row % 7}\t{row % 3}"));
        return kind switch
        {
            "cache" => _mlContext.Data.Cache(rows),
            "take" => _mlContext.Data.TakeRows(rows, RowCount / 2),
            "split" => _mlContext.Data.TrainTestSplit(rows).TrainSet,
            "text" => _mlContext.Data.LoadFromTextFile(_file, [new TextLoader.Column("Score", DataKind.Single, 0, 2)]),
            _ => rows,
        };
    }

    private static List<(DataViewRowId Id, long Batch, string P)> Read(DataViewRowCursor cursor)
    {
        using (cursor)
        {
            var (probabilities, id) = (cursor.GetGetter<VBuffer<float>>(cursor.Schema["P"]), cursor.GetIdGetter());
            var rows = new List<(DataViewRowId, long, string)>();
            while (cursor.MoveNext())
            {
                (VBuffer<float> p, DataViewRowId row) = (default, default);
                probabilities(ref p);
                id(ref row);
                rows.Add((row, cursor.Batch, string.Join(" ", p.DenseValues())));
            }

            return rows;
        }
    }

    private static MemoryView Named(params string[] names) => new MemoryView()
        .WithScores("Probability", [2], [.. names.Select(_ => new[] { 0.75f, 0.25f })], Labels.SlotNames("dog", "cat"))
        .With("Name", TextDataViewType.Instance, [.. names.Select(name => name.AsMemory())]);

    private sealed class KeyedRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Probability { get; set; } = [];
    }
}
