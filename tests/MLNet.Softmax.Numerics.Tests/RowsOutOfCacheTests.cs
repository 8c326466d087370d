using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// Batches too large for the caches, whose results go past them by whole lines of memory: the same results, wherever they go.
/// </summary>
public class RowsOutOfCacheTests : OnEveryPath
{
    // 4 s where 512 bits are two times 256: only large batches are out of cache, and each size has its own loops.
    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_TooManyForTheCache_AreThoseOfRowsAloneToTheBitAndTouchNothingElse(string path)
    {
        const int FewRows = 40;
        var kernels = Paths.Named(path);
        foreach (var classCount in ClassCounts(path, 481, 1000, 1001, 2200, 2201, 8000, 40_000, 40_001))
        {
            var few = RowKinds.Mixed(new Random(classCount), FewRows, classCount);
            for (var row = 0; row < FewRows; row++)
                few.AsSpan((row * classCount) + classCount - (row % 3), row % 3).Fill(row % 2 == 0 ? float.NegativeInfinity : -300f);
            foreach (var kernel in PathKernel.Both(kernels))
            {
                var expected = new float[few.Length];
                for (var start = 0; start < few.Length; start += classCount)
                    kernel.Compute(few.AsSpan(start, classCount), expected.AsSpan(start, classCount));
                CheckTooMany(few, expected, classCount, kernel.Rows);
            }
        }
    }

    // 6 s: only large batches are out of cache, and each size has its own loops.
    [Fact]
    public void Rows_OfFewClassesTooManyForTheCacheOnAvx512_AreThoseOfFewRowsToTheBitAndTouchNothingElse()
    {
        Assert.SkipUnless(Avx512F.IsSupported, "Without AVX-512 more classes are taken another way out of cache.");
        const int FewRows = 1600;
        var kernels = Paths.Named("Vector512");
        foreach (var classCount in (int[])[2, 3, 5, 7, 8, 10, 16, 17, 40, 49, 100, 192, 193, 300, 320, 352])
        {
            foreach (var kind in (RowKinds.Kind[])[RowKinds.Mixed, RowKinds.Drifting])
            {
                var few = kind(new Random(classCount), FewRows, classCount);
                foreach (var kernel in PathKernel.Both(kernels))
                {
                    var expected = new float[few.Length];
                    kernel.Rows(few, classCount, expected);
                    CheckTooMany(few, expected, classCount, kernel.Rows);
                }
            }
        }
    }

    [Fact]
    public void Rows_TooManyForTheCacheAndAcrossFloats_AreTheSame()
    {
        foreach (var classCount in (int[])[3, 100, 1000])
        {
            var few = RowKinds.Normal(new Random(classCount), 1000, classCount, 3, 0);
            var scores = RowKinds.Repeated(few, ((4 << 20) / few.Length) + 1);
            var expected = new float[scores.Length];
            var actual = MemoryMarshal.Cast<byte, float>(new byte[(scores.Length * sizeof(float)) + 1].AsSpan(1));
            Softmax.Rows(scores, classCount, expected);
            Softmax.Rows(scores, classCount, actual);
            Compare.Relative(Array.ConvertAll(expected, value => (double)value), actual, 2 * Compare.Tolerance);
            LogSoftmax.Rows(scores, classCount, expected);
            LogSoftmax.Rows(scores, classCount, actual);
            Compare.RelativeOrAbsolute(Array.ConvertAll(expected, value => (double)value), actual, 2 * Compare.Tolerance);
        }
    }

    // 4 s: only large batches are out of cache, and each size has its own loops.
    [Fact]
    public void CrossEntropy_RowsTooManyForTheCache_IsThatOfFewRowsToTheBitAndTouchesNothingElse()
    {
        const int FewRows = 1600;
        foreach (var classCount in (int[])[2, 3, 10, 40, 100, 300])
        {
            foreach (var kind in classCount is 10 or 300 ? (RowKinds.Kind[])[RowKinds.Mixed, RowKinds.Drifting] : [RowKinds.Mixed])
            {
                var few = kind(new Random(classCount), FewRows, classCount);
                int[] fewLabels = [.. Enumerable.Range(0, FewRows).Select(row => row * 7 % classCount)];
                var expected = new float[few.Length];
                var loss = CrossEntropy.RowsWithGradient(few, classCount, fewLabels, expected).Loss / FewRows;
                CheckTooMany(few, expected, classCount, (scores, _, gradient, _, threads) =>
                {
                    var before = scores.ToArray();
                    var labels = RowKinds.Repeated(fewLabels, scores.Length / few.Length);
                    var alone = CrossEntropy.Rows(scores, classCount, labels, default, threads);
                    Assert.True(scores.SequenceEqual(before));
                    Assert.Equal(loss, alone.Mean, Math.Abs(loss) * 1e-7);
                    Assert.Equal(alone.Mean,
                        CrossEntropy.RowsWithGradient(scores, classCount, labels, gradient, default, threads).Mean, Math.Abs(loss) * 1e-9);
                });
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void TopK_RowsTooManyForTheCache_AreThoseOfEachRowAlone(string path)
    {
        var kernels = Paths.Named(path);
        foreach (var classCount in ClassCounts(path, 1_000, 16_384, 40_001))
        {
            // Whole numbers, so that many are equal.
            var scores = RowKinds.Normal(new Random(classCount), 1 + ((4 << 20) / classCount), classCount, 1_000, 0);
            for (var i = 0; i < scores.Length; i++)
                scores[i] = MathF.Round(scores[i]);
            var rowCount = scores.Length / classCount;
            var (indices, values) = (new int[5 * rowCount], new float[5 * rowCount]);
            TopK.Rows(kernels, scores, classCount, 5, indices, values, 1);
            for (var row = 0; row < rowCount; row++)
            {
                var (ownIndices, ownValues) = (new int[5], new float[5]);
                TopK.Compute(kernels, scores.AsSpan(row * classCount, classCount), ownIndices, ownValues);
                Assert.Equal(ownIndices, indices[(5 * row)..((5 * row) + 5)]);
                Assert.Equal(ownValues, values[(5 * row)..((5 * row) + 5)]);
            }
        }
    }

    /// <summary>Without vectors, no size is taken another way, and this takes long.</summary>
    private static int[] ClassCounts(string path, params int[] all) => Paths.IsScalar(path) ? [1_000] : all;

    private static void CheckTooMany(float[] few, float[] expected, int classCount, PathKernel.ManyRows kernel)
    {
        const int Margin = 32;
        var copies = ((4 << 20) / few.Length) + 1;
        var scores = RowKinds.Repeated(few, copies);
        var room = GC.AllocateUninitializedArray<float>(scores.Length + (2 * Margin), pinned: true);
        foreach (var (threads, intoLine, isInPlace) in ((int, int, bool)[])[(1, 0, false),
            (1, 5, false), (3, 15, false), (1, 0, true), (3, 6, true)])
        {
            Array.Fill(room, -1f);
            var start = FirstLine(room) + intoLine;
            var target = room.AsSpan(start, scores.Length);
            if (isInPlace)
                scores.CopyTo(target);
            kernel(isInPlace ? target : scores, classCount, target, 1f, threads);
            for (var copy = 0; copy < copies; copy++)
                Assert.True(target.Slice(copy * few.Length, few.Length)
                    .SequenceEqual(expected), $"{classCount} classes, copy {copy}, in place: {isInPlace}");
            Assert.True(room.AsSpan(0, start).IndexOfAnyExcept(-1f) < 0 && room.AsSpan(start + scores.Length).IndexOfAnyExcept(-1f) < 0);
        }
    }

    /// <summary>Where in a pinned array the first line of memory begins.</summary>
    private static int FirstLine(float[] pinned) => (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0) & 63) / sizeof(float);
}
