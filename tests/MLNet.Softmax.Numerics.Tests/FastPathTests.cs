using System.Runtime.Intrinsics;
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
        Assert.Equal(Avx512F.IsSupported, RowLoops.ArePacked<Lanes512>(16, 640));
        Assert.False(RowLoops.ArePacked<Lanes512>(15, 640) || RowLoops.ArePacked<Lanes512>(16, 641));
        Assert.Equal(Avx512F.IsSupported ? RowLoop.Packed : RowLoop.LongToCache, RowLoops.For<Lanes512>(isLog: false, 16, 320, false));
        Assert.Equal(RowLoop.LongToCache, RowLoops.For<Lanes512>(isLog: false, 16, 321, false));
        Assert.Equal(Avx512F.IsSupported ? RowLoop.Packed : RowLoop.LongToMemory, RowLoops.For<Lanes512>(isLog: true, 16, 480, true));
        Assert.Equal(RowLoop.LongToMemory, RowLoops.For<Lanes512>(isLog: true, 16, 481, isOutOfCache: true));
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

    /// <summary>
    /// Rows that are alike share a shift. For others, the first score of each row is its guess. After a wrong guess, the next 16 blocks
    /// are not guessed, then the next 64 and so on; after a right one, only 4.
    /// </summary>
    [Theory]
    [InlineData("all alike", -1, -1)]
    [InlineData("each of its own magnitude", -1, -1)]
    [InlineData("each with a first score that misleads", 0, 0, 0, 16, 16 + 64, 16 + 64 + 256)]
    [InlineData("misleading again from block 300 on", 1, 300, 0, 300, 304, 320, 336, 336 + 256)]
    public void PackedRows_AreGuessedUntilAGuessIsWrong(string rows, int firstRight, int firstWrong, params int[] wrongGuesses)
    {
        Assert.SkipUnless(Avx512F.IsSupported, "Without AVX-512 no rows are packed.");
        const int BlockCount = 600, RowCount = BlockCount * 16;
        var areAlike = rows == "all alike";
        foreach (var classCount in (int[])[2, 3, 4, 6, 8, 10, 32, 48, 64, 100, 300])
        {
            var random = new Random(classCount);
            var scores = RowKinds.Normal(random, RowCount, classCount, 3, 0);
            for (var row = 0; row < RowCount && !areAlike; row++)
            {
                var magnitude = (float)(random.NextDouble() * 1000) - 500;
                foreach (ref var score in scores.AsSpan(row * classCount, classCount))
                    score += magnitude;
                if (row / 16 < firstRight || (firstWrong >= 0 && row / 16 >= firstWrong))
                    scores[row * classCount] -= 300;
            }

            var (sums, sumsWithOneShift) = (new int[BlockCount], new int[BlockCount]);
            var end = new CountingEnd(sums, sumsWithOneShift);
            fixed (float* input = scores)
                PackedRows.Write(input, input, RowCount, classCount, ExponentScale.For(1f), isOutOfCache: false, end);
            Assert.Equal([.. Enumerable.Range(0, BlockCount).Select(block => wrongGuesses.Contains(block) ? 2 : 1)], sums);
            Assert.All(sumsWithOneShift, count => Assert.Equal(areAlike ? 1 : 0, count));
        }
    }

    /// <summary>Counts how often each block is summed: once, or twice if the first time was a wrong guess.</summary>
    private readonly struct CountingEnd(int[] sums, int[] sumsWithOneShift) : IPackedEnd
    {
        public static bool Writes => false;

        public void Prepare(int block, float* exponentials, Vector512<float> sum, Vector512<float> power, Vector512<float> offset)
        {
            sums[block]++;
            sumsWithOneShift[block] += Vector512.EqualsAll(power, Vector512.Create(power[0])) ? 1 : 0;
        }

        public Vector512<float> Apply<TPerRow>(float* exponentials, float* scores, Vector512<int> lanes)
            where TPerRow : struct, IChoice => throw new NotSupportedException();
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
