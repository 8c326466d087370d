namespace MLNet.Softmax.Numerics.Tests;

public sealed class RowsLeftOutTests
{
    private static readonly RowsLeftOut Each = new(1, 2, 4, 8, 16, 32);

    [Fact]
    public void Add_OfTwoCounts_IsReasonByReason()
    {
        Assert.Equal(new(101, 202, 304, 408, 516, 632), Each + new RowsLeftOut(100, 200, 300, 400, 500, 600));
        Assert.Equal(63, Each.Total);
        Assert.Equal(Each, Each + RowsLeftOut.None);
        Assert.Throws<ArgumentNullException>("left", () => null! + Each);
        Assert.Throws<ArgumentNullException>("right", () => Each + null!);
    }

    [Fact]
    public void ToString_NamesEveryReasonThatOccurred()
    {
        Assert.Equal(
            "1 without a label, 2 with a label that is none of the classes, 4 with NaN or otherwise unusable scores, "
            + "8 with a negative, NaN or infinite weight, 16 with weight 0, "
            + "32 whose true class is ruled out by a logit of -infinity or a mask such as -1e9", Each.ToString());
        Assert.Equal("none", RowsLeftOut.None.ToString());
    }

    [Theory]
    [InlineData(0, 1f, 0, 0, 0, 0)]
    [InlineData(2, float.Epsilon, 0, 0, 0, 0)]
    [InlineData(2, float.MaxValue, 0, 0, 0, 0)]
    [InlineData(-1, 0f, 1, 0, 0, 0)]
    [InlineData(3, float.NaN, 0, 1, 0, 0)]
    [InlineData(0, float.NaN, 0, 0, 1, 0)]
    [InlineData(0, -float.Epsilon, 0, 0, 1, 0)]
    [InlineData(0, float.PositiveInfinity, 0, 0, 1, 0)]
    [InlineData(0, 0f, 0, 0, 0, 1)]
    public void Admits_OfThreeClasses_CountsTheFirstReason(int label, float weight, int missing, int unknown, int invalid, int zero)
    {
        var counter = new LeftOutCounter();

        Assert.Equal(missing + unknown + invalid + zero == 0, counter.Admits(label, 3, weight));
        Assert.Equal(new(missing, unknown, 0, invalid, zero), counter.Total);
    }
}
