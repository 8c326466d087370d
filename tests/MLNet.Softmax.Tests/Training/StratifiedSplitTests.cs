using MLNet.Softmax.Training;

namespace MLNet.Softmax.Tests.Training;

public class StratifiedSplitTests
{
    [Fact]
    public void Create_Share_TakesTheSameShareOfEachClassAndLosesNoRow()
    {
        int[] labels = [.. Enumerable.Repeat(0, 100), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 3)];
        var rows = new LabelledRows([.. labels.Select((_, row) => new[] { (float)row })], labels);

        var (kept, setAside) = StratifiedSplit.Create(rows, 3, 0.2f, new Random(1));

        Assert.Equal([80, 16, 3], kept.ClassCounts(3));
        Assert.Equal([20, 4, 0], setAside.ClassCounts(3));
        Assert.Equal(Enumerable.Range(0, 123).Select(row => (float)row), kept.Features.Concat(setAside.Features).Select(row => row[0]).Order());
    }

    [Fact]
    public void Create_NoShare_KeepsEverything()
    {
        var rows = new LabelledRows([[1f], [2f]], [0, 1]);

        var (kept, setAside) = StratifiedSplit.Create(rows, 2, 0f, new Random(1));

        Assert.Equal(2, kept.Count);
        Assert.Equal(0, setAside.Count);
    }
}
