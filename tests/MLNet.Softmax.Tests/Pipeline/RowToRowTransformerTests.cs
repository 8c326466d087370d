namespace MLNet.Softmax.Tests;

public class RowToRowTransformerTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Transform_ComputesNothingUntilACursorReads()
    {
        var data = Data(50);
        var model = Pipeline().Fit(data);
        var visited = data.RowsVisited;

        var output = model.Transform(data);
        _ = output.Schema;
        _ = output.GetRowCount();

        Assert.Equal(visited, data.RowsVisited);
    }

    [Fact]
    public void AColumnThatNobodyAskedFor_IsNotComputed()
    {
        var data = Data(50);
        var output = Pipeline().Fit(data).Transform(data);

        Assert.Equal(50, output.GetColumn<int>("Id").Count());

        Assert.Equal(0, data.Reads("Score"));
    }

    [Fact]
    public void AnActiveColumnThatNobodyReads_IsNotComputed()
    {
        var data = Data(50);
        var output = Pipeline().Fit(data).Transform(data);

        using var cursor = output.GetRowCursor(output.Schema);
        cursor.GetGetter<VBuffer<float>>(output.Schema["P"]);
        while (cursor.MoveNext())
        {
        }

        Assert.Equal(0, data.Reads("Score"));
    }

    [Fact]
    public void AColumnThatWasNotAskedFor_HasNoGetter()
    {
        var data = Data(3);
        var output = Pipeline().Fit(data).Transform(data);
        using var cursor = output.GetRowCursor([output.Schema["Id"]]);

        Assert.False(cursor.IsColumnActive(output.Schema["P"]));
        var error = Assert.Throws<ArgumentException>(() => cursor.GetGetter<VBuffer<float>>(output.Schema["P"]));
        Assert.Contains("'P' was not requested", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AGetterOfTheWrongType_IsRefusedWithBothTypes()
    {
        var data = Data(3);
        var output = Pipeline().Fit(data).Transform(data);
        using var cursor = output.GetRowCursor([output.Schema["P"]]);

        var error = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(output.Schema["P"]));
        Assert.Contains("Column 'P' is Vector<Single, 3>", error.Message, StringComparison.Ordinal);
        Assert.Contains("System.Single", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSourceColumnsAndTheirRowIds_PassThrough()
    {
        var data = Data(5);
        var output = Pipeline().Fit(data).Transform(data);
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

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ACursorSet_GivesTheRowsOfOneCursor(int cursors)
    {
        var data = Data(101);
        var output = Pipeline().Fit(data).Transform(data);
        var expected = output.Column("P");
        var actual = new float[expected.Length][];

        var set = output.GetRowCursorSet([output.Schema["Id"], output.Schema["P"]], cursors);
        Parallel.ForEach(set, cursor =>
        {
            using var open = cursor;
            var id = cursor.GetGetter<int>(output.Schema["Id"]);
            var getter = cursor.GetGetter<VBuffer<float>>(output.Schema["P"]);
            var (row, buffer) = (0, default(VBuffer<float>));
            while (cursor.MoveNext())
            {
                id(ref row);
                getter(ref buffer);
                actual[row] = [.. buffer.DenseValues()];
            }
        });

        Assert.Equal(cursors, set.Length);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void TwoGettersOfOneCursor_DoNotShareTheCallersBuffer()
    {
        var data = Data(2);
        var output = Pipeline().Fit(data).Transform(data);
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
        var row = sparse ? new VBuffer<float>(100, 2, [0.5f, 0.5f], [3, 70]) : new VBuffer<float>(100, [.. Enumerable.Repeat(0.01f, 100)]);
        var data = new MemoryView().With("Score", type, [.. Enumerable.Repeat(row, Rows)]);
        var output = _mlContext.Transforms.Softmax("P", "Score", 1.5f, kind)
            .Append(_mlContext.Transforms.LogSoftmax("Log", "Score", 1.5f, kind))
            .Append(_mlContext.Transforms.TopK("Top", "P", k: 7)).Fit(data).Transform(data);

        using var cursor = output.GetRowCursor(output.Schema);
        var probability = cursor.GetGetter<VBuffer<float>>(output.Schema["P"]);
        var log = cursor.GetGetter<VBuffer<float>>(output.Schema["Log"]);
        var labels = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(output.Schema["TopLabels"]);
        var scores = cursor.GetGetter<VBuffer<float>>(output.Schema["TopScores"]);
        var indices = cursor.GetGetter<VBuffer<uint>>(output.Schema["TopIndices"]);
        VBuffer<float> p = default, l = default, s = default;
        VBuffer<ReadOnlyMemory<char>> names = default;
        VBuffer<uint> i = default;

        var allocated = 0L;
        for (var read = 0; cursor.MoveNext(); read++)
        {
            probability(ref p);
            log(ref l);
            labels(ref names);
            scores(ref s);
            indices(ref i);
            // The first rows fill the buffers and compile the code.
            if (read == Rows / 2) allocated = GC.GetAllocatedBytesForCurrentThread();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private IEstimator<ITransformer> Pipeline() => _mlContext.Transforms.Softmax("P", "Score", 2f, ScoreKind.Logits);

    private static MemoryView Data(int rows) => new MemoryView()
        .WithScores("Score", [3], [.. Scores.Logits(rows).Select(row => row.Score)])
        .With("Id", NumberDataViewType.Int32, [.. Enumerable.Range(0, rows)]);
}
