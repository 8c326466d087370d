using MLNet.Softmax.Numerics.Kernels;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Batches of rows: as exact as single rows, whatever their neighbours.</summary>
public class RowsTests
{
    private const double Tolerance = 5e-7;

    public static TheoryData<string> AllPaths => Paths.Names;

    private delegate void BatchKernel(ReadOnlySpan<float> scores, int classCount, Span<float> destination, float temperature, int threads);

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void SoftmaxRows_EveryClassCountAndKindOfRow_AgreesWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        ForEveryShape((scores, classCount, temperature) =>
        {
            var actual = new float[scores.Length];
            Softmax.Rows(kernels, scores, classCount, actual, temperature, 1);
            for (var start = 0; start < scores.Length; start += classCount)
                Compare.Relative(Naive.Softmax(scores.AsSpan(start, classCount), temperature), actual.AsSpan(start, classCount), Tolerance);
            var inPlace = scores.ToArray();
            Softmax.Rows(kernels, inPlace, classCount, inPlace, temperature, 1);
            Assert.Equal(actual, inPlace);
        });
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void LogSoftmaxRows_EveryClassCountAndKindOfRow_AgreesWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        ForEveryShape((scores, classCount, temperature) =>
        {
            var actual = new float[scores.Length];
            LogSoftmax.Rows(kernels, scores, classCount, actual, temperature, 1);
            for (var start = 0; start < scores.Length; start += classCount)
                Compare.RelativeOrAbsolute(Naive.LogSoftmax(scores.AsSpan(start, classCount), temperature), actual.AsSpan(start, classCount), Tolerance);
            var inPlace = scores.ToArray();
            LogSoftmax.Rows(kernels, inPlace, classCount, inPlace, temperature, 1);
            Assert.Equal(actual, inPlace);
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Rows_AnyDegreeOfParallelism_IsTheSameToTheBit(int classCount)
    {
        var scores = RowKinds.Mixed(new Random(3), 200_000 / classCount, classCount);
        BatchKernel softmax = Softmax.Rows, logSoftmax = LogSoftmax.Rows;
        foreach (var kernel in (BatchKernel[])[softmax, logSoftmax])
        {
            var single = new float[scores.Length];
            kernel(scores, classCount, single, 1.5f, 1);
            foreach (var threads in (int[])[2, 3, -1])
            {
                var several = new float[scores.Length];
                kernel(scores, classCount, several, 1.5f, threads);
                Assert.Equal(single, several);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Softmax_MillionClasses_AgreesWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        foreach (var count in (int[])[32_000, 70_001, 1_000_000])
        {
            var scores = RowKinds.Normal(new Random(count), 1, count, 3, 0);
            scores[count - 7] = 12f;
            var actual = new float[count];
            Softmax.Compute(kernels, scores, actual, 1f);
            Compare.Relative(Naive.Softmax(scores), actual, Tolerance);
            LogSoftmax.Compute(kernels, scores, actual, 1f);
            Compare.RelativeOrAbsolute(Naive.LogSoftmax(scores), actual, Tolerance);
            Softmax.Compute(kernels, new float[count], actual, 1f);
            Compare.Relative(Enumerable.Repeat(1.0 / count, count).ToArray(), actual, Tolerance);
        }
    }

    [Fact]
    public void Rows_NoScores_DoNothing()
    {
        Softmax.Rows([], 0, []);
        Softmax.Rows([], 5, []);
        LogSoftmax.Rows([], 0, []);
        Assert.Equal(2, TopK.Rows([], 5, 2, [], []));
    }

    private static void ForEveryShape(Action<float[], int, float> check)
    {
        var random = new Random(11);
        foreach (var classCount in Enumerable.Range(1, 40).Concat([47, 48, 49, 63, 64, 65, 100, 127, 128, 129, 130, 255, 257, 300, 1000, 1025, 2500]))
        {
            foreach (var rowCount in (int[])[1, 5, 16, 37, 133])
            {
                foreach (var kind in RowKinds.All)
                    check(kind(random, rowCount, classCount), classCount, random.Next(3) == 0 ? 0.7f : 1f);
            }
        }
    }
}
