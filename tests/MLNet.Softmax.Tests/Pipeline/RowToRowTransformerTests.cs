namespace MLNet.Softmax.Tests;

public class RowToRowTransformerTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void WhatNobodyReads_IsNotComputed()
    {
        var data = Data(50);
        var output = Pipeline().FitTransform(data);
        _ = (output.Schema, output.GetRowCount());
        var readByFit = (data.RowsVisited, data.Reads("Score"));
        Assert.Equal((8, 8), readByFit);

        Assert.Equal(50, output.GetColumn<int>("Id").Count());
        using var cursor = output.GetRowCursor(output.Schema);
        cursor.GetGetter<VBuffer<float>>(output.Schema["P"]);
        while (cursor.MoveNext())
        {
        }

        Assert.Equal(8, data.Reads("Score"));
    }

    [Fact]
    public void AColumnThatWasNotAskedForOrOfAnotherType_HasNoGetter()
    {
        var output = Pipeline().FitTransform(Data(3));
        using var ofId = output.GetRowCursor([output.Schema["Id"]]);
        using var ofP = output.GetRowCursor([output.Schema["P"]]);

        Assert.False(ofId.IsColumnActive(output.Schema["P"]));
        Refusal.Of<ArgumentException>(() => ofId.GetGetter<VBuffer<float>>(output.Schema["P"]), "'P' was not requested");
        Refusal.Of<InvalidOperationException>(
            () => ofP.GetGetter<float>(output.Schema["P"]),
            "Column 'P' is Vector<Single, 3>, which a getter of System.Single cannot read. Use a getter of Microsoft.ML.Data.VBuffer`1");
    }

    [Fact]
    public void ACursor_IsThatOfItsSource()
    {
        var data = Data(3);
        var output = Pipeline().FitTransform(data);
        var open = data.OpenCursors;
        var cursor = output.GetRowCursor(output.Schema);
        Assert.Equal(open + 1, data.OpenCursors);
        Assert.True(cursor.MoveNext());
        Assert.Equal((0, 0), (cursor.Position, cursor.Batch));
        Assert.All(output.Schema, column => Assert.True(cursor.IsColumnActive(column)));
        var more = Pipeline().Append(_mlContext.Transforms.TopK("Top", "P", k: 1)).FitTransform(data).Schema;
        Assert.Throws<ArgumentOutOfRangeException>("column", () => cursor.IsColumnActive(more[output.Schema.Count]));
        cursor.Dispose();
        Assert.Equal(open, data.OpenCursors);
    }

    [Fact]
    public void Dependencies_OfAnAddedColumn_AreWhatItIsComputedFrom()
    {
        var data = Data(3);
        var transformer = _mlContext.Transforms.TopK("Top", "Score", k: 2).Fit(data);
        var mapper = transformer.GetRowToRowMapper(data.Schema);
        var output = mapper.OutputSchema;
        string[] Of(params string[] names) => [.. mapper.GetDependencies(names.Select(name => output[name])).Select(one => one.Name)];
        Assert.Equal(data.Schema, mapper.InputSchema);
        Assert.Equal(["Score"], Of("TopLabels"));
        Assert.Equal(["Score"], Of("Score", "TopScores", "TopIndices"));
        Assert.Equal(["Id"], Of("Id"));
        Assert.Equal(["Score", "Id"], Of("Id", "TopIndices"));
        Assert.Empty(Of());
    }

    [Fact]
    public void TheSourceColumnsAndTheirRowIds_PassThrough()
    {
        var output = Pipeline().FitTransform(Data(5));
        using var cursor = output.GetRowCursor(output.Schema);
        var id = cursor.GetGetter<int>(output.Schema["Id"]);
        var rowId = cursor.GetIdGetter();

        for (var i = 0; cursor.MoveNext(); i++)
        {
            var (value, key) = (0, default(DataViewRowId));
            id(ref value);
            rowId(ref key);
            Assert.Equal((i, i, (ulong)i), (value, cursor.Position, key.Low));
        }
    }

    [Fact]
    public void AnOutput_CanBeShuffledIfItsSourceCan()
    {
        var list = _mlContext.Data.Cache(Scores.View(_mlContext, Scores.Logits(20)));
        Assert.True(list.CanShuffle);
        Assert.True(Pipeline().FitTransform(list).CanShuffle);
        Assert.False(Pipeline().FitTransform(Data(5)).CanShuffle);
        var order = _mlContext.Data.ShuffleRows(Pipeline().FitTransform(list), seed: 1).GetColumn<int>("Id").ToArray();
        Assert.NotEqual(Enumerable.Range(0, 20), order);
        Assert.Equal(Enumerable.Range(0, 20), order.Order());
    }

    [Theory]
    [InlineData("P", "TopScores")]
    [InlineData("TopScores", "P")]
    public void AColumnThatTheCallerAndALaterStepRead_IsComputedOnceARow(params string[] names)
    {
        const int RowCount = 50;
        var data = Data(RowCount);
        var output = Pipeline().Append(_mlContext.Transforms.TopK("Top", "P", k: 2)).Fit(data).Transform(data);
        var expected = names.ToDictionary(name => name, name => output.GetColumn<float[]>(name).ToArray());
        var readBefore = data.Reads("Score");
        using var cursor = output.GetRowCursor(names.Select(name => output.Schema[name]));
        var getters = Array.ConvertAll(names, name => cursor.GetGetter<VBuffer<float>>(output.Schema[name]));
        VBuffer<float> values = default;
        for (var row = 0; cursor.MoveNext(); row++)
        {
            // The same buffer for both: what the caller does with it is no business of the next reader.
            foreach (var (name, getter) in names.Zip(getters))
            {
                getter(ref values);
                Assert.Equal(expected[name][row], values.DenseValues());
            }
        }

        // If the caller is the first reader, the first row shows that there is another one.
        Assert.Equal(names[0] == "P" ? RowCount + 1 : RowCount, data.Reads("Score") - readBefore);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ACursorSet_GivesTheRowsOfOneCursor(int cursors)
    {
        var output = Pipeline().FitTransform(Data(101));
        Assert.Equal(cursors, output.GetRowCursorSet(output.Schema, cursors).Length);
        Assert.Equal(output.Column("P"), Cursors.InParallel(output, "P", cursors));
    }

    [Fact]
    public void TwoGettersOfOneCursor_DoNotShareTheCallersBuffer()
    {
        var output = Pipeline().FitTransform(Data(2));
        using var cursor = output.GetRowCursor(output.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(output.Schema["P"]);
        VBuffer<float> first = default, second = default;

        cursor.MoveNext();
        getter(ref first);
        var kept = first.DenseValues().ToArray();
        cursor.MoveNext();
        getter(ref second);

        Assert.Equal(kept, first.DenseValues());
        Assert.NotEqual(kept, second.DenseValues());
    }

    [Theory]
    [InlineData(ScoreKind.Logits, false)]
    [InlineData(ScoreKind.Probabilities, false)]
    [InlineData(ScoreKind.Logits, true)]
    public void NothingIsAllocatedPerRow(ScoreKind kind, bool sparse)
    {
        const int Rows = 2000;
        var type = new VectorDataViewType(NumberDataViewType.Single, 100);
        var row = sparse
            ? new VBuffer<float>(100, 2, [5f, -0.25f], [3, 70]) : new VBuffer<float>(100, [.. Enumerable.Repeat(0.03f, 100)]);
        var data = new MemoryView().With("Score", type, [.. Enumerable.Repeat(row, Rows)]);
        var output = _mlContext.Transforms.Softmax("P", "Score", 1.5f, kind)
            .Append(_mlContext.Transforms.LogSoftmax("Log", "Score", 1.5f, kind))
            .Append(_mlContext.Transforms.TopK("Top", "P", k: 7)).FitTransform(data);

        using var cursor = output.GetRowCursor(output.Schema);
        Cursors.AssertNothingAllocated(cursor, Rows,
            Cursors.Reader<VBuffer<float>>(cursor, "P"), Cursors.Reader<VBuffer<float>>(cursor, "Log"),
            Cursors.Reader<VBuffer<ReadOnlyMemory<char>>>(cursor, "TopLabels"), Cursors.Reader<VBuffer<float>>(cursor, "TopScores"),
            Cursors.Reader<VBuffer<uint>>(cursor, "TopIndices"));
    }

    private IEstimator<ITransformer> Pipeline() => _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits);

    private static MemoryView Data(int rows) => new MemoryView()
        .WithScores("Score", [3], Scores.LogitRows(rows))
        .With("Id", NumberDataViewType.Int32, [.. Enumerable.Range(0, rows)]);
}
