using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.Views;

public sealed class SplitTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IDataView _data;

    public SplitTests() => _data = _context.Data.LoadFromEnumerable(Rows.Numbered(40).ToArray());

    [Fact]
    public void TrainTestSplit_Seeded_TakesTheRowsThatMLNetTakes()
        => Assert.Equal("3 16 17 19 22 32 34 36", Rows.Text(_context.Data.TrainTestSplit(_data, 0.25, seed: 7).TestSet));

    [Fact]
    public void TrainTestSplit_WithoutSeed_UsesTheContexts()
        => Assert.Equal("2 10 12 13 28 33 34 35 37", Rows.Text(_context.Data.TrainTestSplit(_data, 0.25).TestSet));

    [Fact]
    public void TrainTestSplit_OfAnUnseededContext_IsStillTheSameEveryTime()
        => Assert.Equal("5 6 18 20 28 37", Rows.Text(new MLContext().Data.TrainTestSplit(_data, 0.25).TestSet));

    [Fact]
    public void TrainTestSplit_SeededByText_TakesTheRowsThatMLNetTakes()
        => Assert.Equal("0 6 7 13 14 20 21 27 28 34 35", Rows.Text(_context.Data.TrainTestSplit(_data, 0.5, nameof(NumberedRow.Name), seed: 7).TestSet));

    [Fact]
    public void TrainTestSplit_ByTextOfAnUnseededContext_TakesTheRowsThatMLNetTakes()
        => Assert.Equal("0 1 3 5 6 7 8 10 12 13 14 15 17 19 20 21 22 24 26 27 28 29 31 33 34 35 36 38", Rows.Text(new MLContext().Data.TrainTestSplit(_data, 0.5, nameof(NumberedRow.Name)).TestSet));

    [Fact]
    public void TrainTestSplit_ByNumber_TakesTheRowsThatMLNetTakes()
    {
        var data = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new { Number = i, Wide = ((long)i << 40) + 1 }).ToArray());
        Assert.Equal("1 2 3 4 7 10 13 16 17 19", Rows.Text(_context.Data.TrainTestSplit(data, 0.5, "Number").TestSet));
        Assert.Equal("0 1 3 5 6 9 10 12 14 15 18", Rows.Text(_context.Data.TrainTestSplit(data, 0.5, "Wide").TestSet));
    }

    [Fact]
    public void TrainTestSplit_HasEveryRowOnce_AndTheSchemaOfTheData()
    {
        var split = _context.Data.TrainTestSplit(_data, 0.25, seed: 3);
        Assert.Equal(Enumerable.Range(0, 40), Rows.Numbers(split.TrainSet).Concat(Rows.Numbers(split.TestSet)).Order());
        Assert.Equal(_data.Schema.Select(column => column.ToString()), split.TrainSet.Schema.Select(column => column.ToString()));
        Assert.Null(split.TrainSet.GetRowCount());
    }

    [Fact]
    public void TrainTestSplit_ByKey_KeepsEqualKeysTogether_AndLeavesOutTheMissing()
    {
        var rows = Enumerable.Range(0, 12).Select(i => new KeyedRow { Group = (uint)(i % 4), Number = i });
        var split = _context.Data.TrainTestSplit(_context.Data.LoadFromEnumerable(rows.ToArray()), 0.5, nameof(KeyedRow.Group));
        Assert.Equal([1, 2, 5, 6, 9, 10], Rows.Numbers(split.TrainSet).Concat([]).Where(number => number % 4 != 0));
        Assert.Equal([0, 4, 8], Rows.Numbers(split.TestSet));
    }

    [Fact]
    public void TrainTestSplit_ReadsTheSameNumbers_WhateverColumnIsAskedFor()
    {
        var test = _context.Data.TrainTestSplit(_data, 0.3, seed: 5).TestSet;
        Assert.Equal(Rows.Numbers(test), test.GetColumn<float[]>(nameof(NumberedRow.Vector)).Select(vector => (int)vector[0]));
    }

    [Fact]
    public void CrossValidationSplit_TestsEveryRowOnce()
    {
        var folds = _context.Data.CrossValidationSplit(_data, 4, seed: 7);
        Assert.Equal(4, folds.Count);
        Assert.Equal(Enumerable.Range(0, 40), folds.SelectMany(fold => Rows.Numbers(fold.TestSet)).Order());
        foreach (var fold in folds)
            Assert.Equal(Enumerable.Range(0, 40), Rows.Numbers(fold.TrainSet).Concat(Rows.Numbers(fold.TestSet)).Order());
        Assert.Equal("15 20 21 23 25 27 28 31 37 38", Rows.Text(folds[1].TestSet));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void TrainTestSplit_OfAFractionOutside0To1_IsRefused(double fraction)
        => Assert.Equal("testFraction", Assert.Throws<ArgumentOutOfRangeException>(() => _context.Data.TrainTestSplit(_data, fraction)).ParamName);

    [Fact]
    public void TrainTestSplit_ByAMissingColumn_NamesIt()
        => Assert.Contains("Nowhere", Assert.Throws<ArgumentOutOfRangeException>(
            () => _context.Data.TrainTestSplit(_data, 0.1, "Nowhere")).Message, StringComparison.Ordinal);

    private sealed class KeyedRow
    {
        [KeyType(3)]
        public uint Group { get; set; }

        public int Number { get; set; }
    }
}
