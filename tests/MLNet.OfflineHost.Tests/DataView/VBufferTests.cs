using Microsoft.ML.Data;

namespace MLNet.OfflineHost.Tests.DataView;

public sealed class VBufferTests
{
    private static VBuffer<float> Sparse => new(6, 3, [1f, 2f, 3f], [0, 2, 5]);

    private static VBuffer<float> Dense => new(3, [1f, 2f, 3f, 99f]);

    [Fact]
    public void Values_AreTheExplicitOnes()
    {
        Assert.Equal([1f, 2f, 3f], Dense.GetValues().ToArray());
        Assert.Equal([], Dense.GetIndices().ToArray());
        Assert.Equal([0, 2, 5], Sparse.GetIndices().ToArray());
        Assert.Equal([1f, 0f, 2f, 0f, 0f, 3f], Sparse.DenseValues());
        Assert.Equal([0, 2, 5], Sparse.Items().Select(item => item.Key));
        Assert.Equal([0, 1, 2, 3, 4, 5], Sparse.Items(all: true).Select(item => item.Key));
        Assert.Equal([1f, 0f, 2f, 0f, 0f, 3f], Sparse.Items(all: true).Select(item => item.Value));
    }

    [Fact]
    public void Empty_IsDenseAndOfLengthZero()
    {
        VBuffer<float> empty = default;
        Assert.True(empty.IsDense);
        Assert.Equal(0, empty.Length);
        Assert.Empty(empty.DenseValues());
        VBuffer<float> copy = Dense;
        empty.CopyTo(ref copy);
        Assert.Equal(0, copy.Length);
    }

    [Fact]
    public void GetItemOrDefault_OfAnImpliedSlot_IsTheDefault()
    {
        Assert.Equal(2f, Sparse.GetItemOrDefault(2));
        Assert.Equal(0f, Sparse.GetItemOrDefault(3));
        Assert.Equal(3f, Dense.GetItemOrDefault(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dense.GetItemOrDefault(3));
    }

    [Fact]
    public void CopyTo_KeepsSparsity_AndReusesArrays()
    {
        var target = new VBuffer<float>(6, 3, new float[4], new int[4]);
        var editor = VBufferEditor.Create(ref target, 6, 3);
        Assert.False(editor.CreatedNewValues);
        Assert.False(editor.CreatedNewIndices);
        Sparse.CopyTo(ref target);
        Assert.False(target.IsDense);
        Assert.Equal(Sparse.DenseValues(), target.DenseValues());
        Sparse.CopyToDense(ref target);
        Assert.True(target.IsDense);
        Assert.Equal([1f, 0f, 2f, 0f, 0f, 3f], target.GetValues().ToArray());
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(6, 0)]
    public void CopyTo_OfAPart_GivesThatPart(int start, int length)
    {
        VBuffer<float> part = default;
        Sparse.CopyTo(ref part, start, length);
        Assert.Equal(Sparse.DenseValues().Skip(start).Take(length), part.DenseValues());
    }

    [Fact]
    public void CopyTo_ASpan_FillsInTheDefault()
    {
        var target = new float[8];
        Sparse.CopyTo(target, 1, -1f);
        Assert.Equal([0f, 1f, -1f, 2f, -1f, -1f, 3f, 0f], target);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sparse.CopyTo(new float[5]));
    }

    [Fact]
    public void Editor_KeepsOldValues_WhenAskedTo()
    {
        var buffer = new VBuffer<float>(2, [1f, 2f]);
        var editor = VBufferEditor.Create(ref buffer, 4, keepOldOnResize: true);
        Assert.True(editor.CreatedNewValues);
        Assert.Equal([1f, 2f], editor.Values[..2].ToArray());
        Assert.Equal(4, editor.Commit().Length);
    }

    [Fact]
    public void Editor_CommitTruncated_GivesFewerValues()
    {
        VBuffer<float> buffer = default;
        var editor = VBufferEditor.Create(ref buffer, 5, 3);
        editor.Values[0] = 7;
        editor.Indices[0] = 4;
        buffer = editor.CommitTruncated(1);
        Assert.Equal([0f, 0f, 0f, 0f, 7f], buffer.DenseValues());
    }

    [Fact]
    public void WrongSizes_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(-1, [1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, 2, [1f, 2f], [0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VBuffer<float>(1, 2, [1f, 2f], [0, 1]));
    }
}
