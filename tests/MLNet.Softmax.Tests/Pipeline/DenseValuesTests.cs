namespace MLNet.Softmax.Tests;

public class DenseValuesTests
{
    [Fact]
    public void Of_ABuffer_CopiesOnlySparseValuesAndGrowsAsTheyDo()
    {
        float[] scratch = [];
        var dense = new VBuffer<float>(3, [1, 2, 3]);
        Assert.True(DenseValues.Of(dense, ref scratch) == dense.GetValues());
        Assert.Empty(scratch);
        foreach (var length in (int[])[2, 3, 4, 2])
        {
            var values = DenseValues.Of(new VBuffer<float>(length, 1, [5f], [1]), ref scratch);
            Assert.Equal([0, 5, .. new float[length - 2]], values);
        }

        Assert.Equal(4, scratch.Length);
    }
}
