namespace MLNet.Softmax.Tests;

/// <summary>Where the classes lie in a vector of a shape; 0 stands for an unknown length.</summary>
public class ClassAxisTests
{
    [Theory]
    [InlineData(new[] { 10 }, 10, 0, 10)]
    [InlineData(new[] { 1 }, 1, 0, 1)]
    [InlineData(new[] { 0 }, 7, 0, 7)]
    [InlineData(new[] { 1, 10 }, 10, 1, 10)]
    [InlineData(new[] { 10, 1, 1 }, 10, 0, 10)]
    [InlineData(new[] { 1, 1, 1 }, 1, 2, 1)]
    [InlineData(new[] { 4, 10 }, 40, 1, 10)]
    [InlineData(new[] { 2, 3, 5 }, 30, 2, 5)]
    [InlineData(new[] { 2, 3, 1 }, 6, 1, 3)]
    [InlineData(new[] { 4, 0 }, 40, 1, 10)]
    [InlineData(new[] { 2, 3, 0 }, 60, 2, 10)]
    [InlineData(new[] { 0, 10 }, 30, 1, 10)]
    [InlineData(new[] { 0, 0 }, 30, 1, 30)]
    [InlineData(new[] { 0, 1 }, 30, 0, 30)]
    public void Classes_LieAlongTheLastDimensionLongerThanOne(int[] dimensions, int length, int axis, int classCount)
    {
        var found = ClassAxis.Of(new VectorDataViewType(NumberDataViewType.Single, dimensions));
        Assert.Equal((axis, classCount), (found.Axis, found.ClassCount(length)));
    }
}
