namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Batches of rows: as exact as single rows, whatever their neighbours.</summary>
public class RowsTests : OnEveryPath
{
    /// <summary>All paths in one test: the definition in double precision, computed once for them, takes most of the time.</summary>
    [Fact]
    public void Rows_EveryClassCountAndKindOfRow_AgreeWithTheDefinitionAndAreTheSameInPlace() =>
        ForEveryShape((scores, classCount, temperature) =>
        {
            var logarithms = Naive.LogSoftmaxRows(scores, classCount, temperature);
            var probabilities = Array.ConvertAll(logarithms, Math.Exp);
            foreach (var kernels in Paths.All)
            {
                float[] softmax = new float[scores.Length], logSoftmax = new float[scores.Length];
                Softmax.Rows(kernels, scores, classCount, softmax, temperature, 1);
                Compare.Relative(probabilities, softmax);
                LogSoftmax.Rows(kernels, scores, classCount, logSoftmax, temperature, 1);
                Compare.RelativeOrAbsolute(logarithms, logSoftmax);
                Assert.False(logSoftmax.AsSpan().ContainsAnyInRange(float.Epsilon, float.PositiveInfinity));

                float[] inPlace = [.. scores], logInPlace = [.. scores];
                Softmax.Rows(kernels, inPlace, classCount, inPlace, temperature, 1);
                LogSoftmax.Rows(kernels, logInPlace, classCount, logInPlace, temperature, 1);
                Assert.Equal(softmax, inPlace);
                Assert.Equal(logSoftmax, logInPlace);
            }
        });

    // 4 s where 512 bits are two times 256: threads only pay for large batches, so smaller ones do not use them.
    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_AnyDegreeOfParallelism_IsTheSameToTheBit(string path)
    {
        const int EnoughForThreeThreads = 400_000;
        var kernels = Paths.Named(path);
        foreach (var classCount in Paths.ClassCounts(
            path, 10, 60_000, 2, 3, 5, 33, 64, 100, 200, 256, 257, 300, 1000, EnoughForThreeThreads / 2))
        {
            foreach (var kind in (RowKinds.Kind[])[RowKinds.Mixed, RowKinds.Drifting])
                CheckThreads(kernels, kind(new Random(3), EnoughForThreeThreads / classCount, classCount), classCount);
        }

        if (Paths.IsScalar(path))
            return;

        // Too many for the cache.
        var rows = RowKinds.Mixed(new Random(4), 1000, 200);
        var scores = RowKinds.Repeated(rows, 22);
        foreach (var classCount in (int[])[100, 200])
            CheckThreads(kernels, scores, classCount);
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_StartingAtAnyMultipleOf16_AreTheSameToTheBit(string path)
    {
        var kernels = Paths.Named(path);
        foreach (var classCount in (int[])[2, 3, 5, 10, 64, 300])
        {
            var scores = RowKinds.Normal(new Random(12), 208, classCount, 5, 0);
            var all = new float[scores.Length];
            Softmax.Rows(kernels, scores, classCount, all, 1f, 1);
            for (var first = 16; first < 208; first += 16)
            {
                var rest = new float[scores.Length - (first * classCount)];
                Softmax.Rows(kernels, scores.AsSpan(first * classCount), classCount, rest, 1f, 1);
                Assert.True(all.AsSpan(first * classCount).SequenceEqual(rest), $"{classCount} classes from row {first} on");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_MagnitudeDriftingOrThousandsOfClasses_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        foreach (var classCount in (int[])[3, 7, 10, 40, 60, 150])
            Compare.BothRows(kernels, RowKinds.Drifting(new Random(classCount), 3000, classCount), classCount);
        foreach (var classCount in (int[])[5_003, 7_680, 7_681])
            Compare.BothRows(kernels, RowKinds.Mixed(new Random(classCount), 5, classCount), classCount);
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_NeighboursOfAnyMagnitude_ChangeNoBit(string path)
    {
        var kernels = Paths.Named(path);
        var random = new Random(9);
        foreach (var classCount in (int[])[3, 5, 8, 10, 16, 48, 49, 100, 193, 256, 320, 352, 640])
        {
            var alike = RowKinds.Normal(random, 64, classCount, 3, 0);
            var unlike = alike.ToArray();
            for (var row = 0; row < 64; row += 5)
                unlike.AsSpan(row * classCount, classCount).Fill(row % 2 == 0 ? 1e30f : -500f);
            foreach (var kernel in PathKernel.Both(kernels))
            {
                float[] first = new float[alike.Length], second = new float[alike.Length];
                kernel.Rows(alike, classCount, first);
                kernel.Rows(unlike, classCount, second);
                for (var row = 0; row < 64; row++)
                {
                    if (row % 5 != 0)
                        Assert.Equal(
                            first[(row * classCount)..((row + 1) * classCount)], second[(row * classCount)..((row + 1) * classCount)]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_AmongRowsThatAreTakenAnotherWay_AreTheSameToTheBit(string path)
    {
        // Alone a row's copies share a shift, or the guess by their first score; beside a row that
        // starts far too low nothing can be guessed. Around 36 nats from the first score to the largest
        // the guess stops being good enough, and beyond 22,000 the last bit turns on what is subtracted.
        var kernels = Paths.Named(path);
        var random = new Random(13);
        foreach (var classCount in (int[])[3, 5, 10, 24, 60])
        {
            var rows = new List<float[]>();
            foreach (var level in (float[])[0f, 60f, -90f, 22_000f, 1e6f, -1e6f, 1e30f])
            {
                foreach (var above in (float[])[0f, 30f, 35.5f, 36f, 36.25f, 36.5f, 37f, 40f, 60f])
                {
                    var row = RowKinds.Normal(random, 1, classCount, 2, level);
                    (row[0], row[^1]) = (level, level + above);
                    rows.Add(row);
                }
            }

            foreach (var kernel in PathKernel.Both(kernels))
            {
                foreach (var row in rows)
                {
                    float[] copies = [.. Enumerable.Repeat(row, 16).SelectMany(scores => scores)];
                    float[] besideLow = [.. copies];
                    besideLow[classCount] = -9_000f;
                    besideLow.AsSpan(classCount + 1, classCount - 1).Fill(9_000f);
                    float[] among = [.. rows.Take(15).SelectMany(scores => scores), .. row];
                    float[] alone = new float[copies.Length], unguessed = new float[copies.Length], mixed = new float[copies.Length];
                    kernel.Rows(copies, classCount, alone);
                    kernel.Rows(besideLow, classCount, unguessed);
                    kernel.Rows(among, classCount, mixed);
                    Assert.Equal(alone[..classCount], unguessed[..classCount]);
                    Assert.Equal(alone[..classCount], mixed[^classCount..]);
                }
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
            Compare.SoftmaxRows(scores, count, actual);
            LogSoftmax.Compute(kernels, scores, actual, 1f);
            Compare.LogSoftmaxRows(scores, count, actual);
            Softmax.Compute(kernels, new float[count], actual, 1f);
            Compare.Relative(Enumerable.Repeat(1.0 / count, count).ToArray(), actual);
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

    private static void CheckThreads(RowKernels kernels, float[] scores, int classCount)
    {
        foreach (var kernel in PathKernel.Both(kernels))
        {
            foreach (var temperature in (float[])[1f, 1.5f])
            {
                var single = new float[scores.Length];
                kernel.Rows(scores, classCount, single, temperature);
                foreach (var threads in (int[])[2, 3])
                {
                    var several = new float[scores.Length];
                    kernel.Rows(scores, classCount, several, temperature, threads);
                    Assert.True(single.AsSpan().SequenceEqual(several), $"{classCount} classes on {threads} threads");
                }
            }
        }
    }

    private static void ForEveryShape(Action<float[], int, float> check)
    {
        var random = new Random(11);
        foreach (var classCount in Enumerable.Range(1, 40)
            .Concat([47, 48, 49, 63, 64, 65, 100, 127, 128, 129, 130, 192, 193, 255, 257, 300, 320, 321, 640, 641, 1000, 1025, 2500]))
        {
            foreach (var rowCount in (int[])[1, 5, 16, 37, 133])
            {
                foreach (var kind in RowKinds.All)
                    check(kind(random, rowCount, classCount), classCount, random.Next(3) == 0 ? 0.7f : 1f);
            }
        }
    }
}
