namespace MLNet.Softmax.Numerics.Tests.Training;

public class LabelledRowsTests
{
    [Fact]
    public void Split_Share_TakesTheSameShareOfEachClassAndLosesNoRow()
    {
        int[] labels = [.. Enumerable.Repeat(0, 100), .. Enumerable.Repeat(1, 20), .. Enumerable.Repeat(2, 3)];
        var rows = new LabelledRows([.. labels.Select((_, row) => new[] { (float)row })], labels);

        var (kept, setAside) = rows.Split(3, 0.2f, new Random(1));

        Assert.Equal([80, 16, 3], kept.ClassWeights(3));
        Assert.Equal([20, 4, 0], setAside.ClassWeights(3));
        var found = kept.Features.Concat(setAside.Features).Select(row => row[0]).Order();
        Assert.Equal(Enumerable.Range(0, 123).Select(row => (float)row), found);
    }

    [Fact]
    public void Split_NoShare_KeepsEverything()
    {
        var rows = new LabelledRows([[1f], [2f]], [0, 1]);

        var (kept, setAside) = rows.Split(2, 0f, new Random(1));
        Assert.Equal((2, 0), (kept.Count, setAside.Count));
    }

    [Fact]
    public void Split_Weights_StayWithTheirRows()
    {
        var rows = new LabelledRows([[1f], [2f], [3f], [4f]], [0, 0, 1, 1], [1f, 2f, 3f, 4f]);

        var (kept, setAside) = rows.Split(2, 0.5f, new Random(1));

        Assert.Equal((2, 2), (kept.Count, setAside.Count));
        Assert.All(new[] { kept, setAside }, part => Assert.Equal(part.Features.Select(row => row[0]), part.Weights));
        Assert.Equal(10, kept.TotalWeight() + setAside.TotalWeight());
    }
}
