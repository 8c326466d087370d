using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// A fast loop that left its rows to a slow one would still be right, so these tests check which loop processes which rows.
/// </summary>
public unsafe class FastPathTests
{
    /// <summary>The table of <see cref="RowLoops"/> for vectors of 8 floats.</summary>
    [Theory]
    [InlineData(2, 1, false, "Pairs", "OneByOne")]
    [InlineData(2, 7, true, "Pairs", "OneByOne")]
    [InlineData(2, 8, false, "Pairs", "Columns")]
    [InlineData(3, 7, false, "OneByOne", "OneByOne")]
    [InlineData(3, 8, false, "Columns", "Columns")]
    [InlineData(128, 8, false, "Columns", "Columns")]
    [InlineData(129, 8, false, "LongToCache", "OneByOne")]
    [InlineData(48, 8, true, "Columns", "Columns")]
    [InlineData(49, 8, true, "LongToCache", "OneByOne")]
    [InlineData(32, 2, false, "OneByOne", "OneByOne")]
    [InlineData(33, 2, false, "LongToCache", "OneByOne")]
    [InlineData(33, 1, false, "OneByOne", "OneByOne")]
    [InlineData(768, 2, true, "LongToCache", "OneByOne")]
    [InlineData(769, 2, true, "OneByOne", "OneByOne")]
    [InlineData(7_680, 2, false, "LongToCache", "OneByOne")]
    [InlineData(7_681, 2, false, "OneByOne", "OneByOne")]
    public void Loop_OfEachShape_IsThatOfTheTable(int classCount, int rowCount, bool isOutOfCache, string softmax, string logSoftmax)
    {
        Assert.Equal(softmax, RowLoops.For<Lanes256>(isLog: false, rowCount, classCount, isOutOfCache).ToString());
        Assert.Equal(logSoftmax, RowLoops.For<Lanes256>(isLog: true, rowCount, classCount, isOutOfCache).ToString());
    }

    [Fact]
    public void Rows_OfAVectorOf16_ArePackedOnlyWithAvx512()
    {
        Assert.Equal(Avx512F.IsSupported, RowLoops.ArePacked<Lanes512>(16, 352));
        Assert.False(RowLoops.ArePacked<Lanes512>(15, 352) || RowLoops.ArePacked<Lanes512>(16, 353));
        Assert.Equal(RowLoop.LongToMemory, RowLoops.For<Lanes512>(isLog: false, 2, 40_000, isOutOfCache: true));
        Assert.Equal(RowLoop.OneByOne, RowLoops.For<Lanes512>(isLog: true, 2, 40_001, isOutOfCache: true));
    }

    [Fact]
    public void OrdinaryRows_AreAllProcessedByTheChosenLoop()
    {
        AllProcessed<Lanes128>();
        AllProcessed<Lanes256>();
        AllProcessed<Lanes512>();
    }

    [Fact]
    public void Blocks_OfOrdinaryRows_AreAllWritten_UpToABlockThatNeedsAnotherWay()
    {
        UpToTheBlock<Lanes128>();
        UpToTheBlock<Lanes256>();
        UpToTheBlock<Lanes512>();
    }

    /// <summary>The two ways round differently, so equal bits show which one was taken.</summary>
    [Fact]
    public void LogSoftmaxOfColumns_OfOrdinaryRows_IsNotComputedRowByRow()
    {
        const int ClassCount = 128;
        var rowCount = Lanes256.Count;
        var scores = RowKinds.Normal(new Random(1), rowCount, ClassCount, 3, 0);
        var (written, byRows) = (new float[scores.Length], new float[scores.Length]);
        var scale = ExponentScale.For(1f);
        fixed (float* input = scores, columns = written, rows = byRows)
        {
            ColumnBlock<Lanes256>.Write<AsLogarithms>(input, columns, rowCount, ClassCount, 1f, scale);
            for (var row = 0; row < rowCount; row++)
                LogSoftmaxRow<Lanes256>.Write(input + (row * ClassCount), rows + (row * ClassCount), ClassCount, 1f, scale);
        }

        Assert.NotEqual(byRows, written);
    }

    private static void AllProcessed<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var scale = ExponentScale.For(1f);
        foreach (var classCount in (int[])[2, 3, 4, 10, 32, 128, 300, 1000])
        {
            var rowCount = 3 * TLanes.Count;
            var scores = RowKinds.Normal(new Random(classCount), rowCount, classCount, 3, 0);
            fixed (float* input = scores, output = new float[scores.Length])
            {
                Assert.Equal(rowCount, Dispatch<TLanes>.Softmax(input, output, rowCount, classCount, scale, isOutOfCache: false));
                var logLoop = RowLoops.For<TLanes>(isLog: true, rowCount, classCount, isOutOfCache: false);
                Assert.Equal(logLoop == RowLoop.OneByOne ? 0 : rowCount,
                    Dispatch<TLanes>.LogSoftmax(input, output, rowCount, classCount, 1f, scale, isOutOfCache: false));
                Assert.Equal(classCount > RegisterRow<TLanes>.Capacity ? 2 : 0,
                    Dispatch<TLanes>.Softmax(input, output, 2, classCount, scale, isOutOfCache: false));
            }
        }
    }

    private static void UpToTheBlock<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        const int BlockCount = 5, Odd = 3;
        var rowCount = BlockCount * TLanes.Count;
        var room = stackalloc byte[(RowLoops.MostClassesInColumns + 1) * sizeof(TLanes)];
        var scale = ExponentScale.For(1f);
        foreach (var classCount in (int[])[2, 3, 10, 128])
        {
            var scores = RowKinds.Normal(new Random(classCount), rowCount, classCount, 3, 0);
            fixed (float* input = scores, output = new float[scores.Length])
            {
                var columns = (TLanes*)(((nint)room + sizeof(TLanes) - 1) & -sizeof(TLanes));
                Assert.True(ColumnBlock<TLanes>.TryLogSoftmax(input, output, classCount, scale, new(1f), columns, followed: true));
                if (classCount == 2)
                    Assert.Equal(BlockCount, PairBlock<TLanes>.Softmax(input, output, BlockCount, scale));

                input[Odd * TLanes.Count * classCount] = float.PositiveInfinity;
                Assert.False(ColumnBlock<TLanes>.TryLogSoftmax(
                    input + (Odd * TLanes.Count * classCount), output, classCount, scale, new(1f), columns, followed: true));
                if (classCount == 2)
                    Assert.Equal(Odd, PairBlock<TLanes>.Softmax(input, output, BlockCount, scale));
            }
        }
    }
}
