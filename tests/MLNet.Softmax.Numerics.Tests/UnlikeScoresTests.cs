namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// Rows of which one score is unlike the others, wherever it stands: the kernels guess from the first scores what the rest is like.
/// </summary>
public class UnlikeScoresTests : OnEveryPath
{
    // Around where exponents leave what one sweep can hold, to both sides; where they would come round to it again; and what is no number.
    private static readonly float[] Unlike =
    [
        -30f, -54f, -55f, -56f, -57f, -80f, -88f, -104f, -120f, -1_000f, -181_704.375f,
        -181_640f, -181_616f, -363_408f, -1e10f, -3e38f, float.NegativeInfinity,
        30f, 32.5f, 33f, 33.5f, 34f, 44f, 45f, 60f, 89f, 134f, 180f, 1_000f, 181_660f,
            181_704.375f, 181_760f, 363_408f, 1e10f, 3e38f, float.PositiveInfinity,
        float.NaN, -float.NaN,
    ];

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void RowOrRows_OneScoreUnlikeTheRest_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        ForEveryRow((row, temperature) =>
        {
            var apart = new float[row.Length];
            Softmax.Compute(kernels, row, apart, temperature);
            Compare.SoftmaxRows(row, row.Length, apart, temperature);
            var inPlace = row.ToArray();
            Softmax.Compute(kernels, inPlace, inPlace, temperature);
            Assert.Equal(apart, inPlace);
            Compare.BothRows(kernels, [.. row, .. row, .. row], row.Length, temperature);
            Compare.RelativeOrAbsolute([Naive.LogSumExp(row, temperature)], [LogSumExp.Compute(kernels, row, temperature)]);
        });
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OneScoreOfEachUnlikeTheRest_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        var random = new Random(7);
        foreach (var classCount in (int[])[3, 5, 8, 10, 16, 24, 48, 60, 130])
        {
            foreach (var place in new[] { 0, 1, classCount / 2, classCount - 1 }.Distinct())
            {
                foreach (var (temperature, apart) in ((float, float)[])[(1f, 0f), (1f, 100f), (1f, 10_000f), (1f, 50_000f), (0.5f, 0f)])
                {
                    // Few are unlike among many, then all.
                    foreach (var every in (int[])[97, 1])
                    {
                        var scores = RowKinds.Normal(random, 8 * Unlike.Length, classCount, 2, 0);
                        for (var row = 0; row < scores.Length / classCount; row++)
                        {
                            var values = scores.AsSpan(row * classCount, classCount);
                            for (var i = 0; i < classCount; i++)
                                values[i] = (values[i] * temperature) + (row % 3 * apart);
                            if (row % every == 0)
                                values[place] = (Unlike[row / every % Unlike.Length] * temperature) + (row % 3 * apart);
                        }

                        Compare.BothRows(kernels, scores, classCount, temperature);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OneScoreFarAboveManyAlike_AgreeWithTheDefinition(string path)
    {
        // What is added to a sum again and again, and is about half its last digit, is rounded the same way each time.
        const int RowCount = 32;
        var kernels = Paths.Named(path);
        var random = new Random(14);
        foreach (var classCount in (int[])[3, 10, 16, 24, 48, 64, 100, 127, 128, 200, 256, 300, 1000, 2500])
        {
            for (var repetition = 0; repetition < 20; repetition++)
            {
                var scores = new float[RowCount * classCount];
                for (var start = 0; start < scores.Length; start += classCount)
                {
                    Array.Fill(scores, (float)(-13 - (5 * random.NextDouble())), start, classCount);
                    scores[start + random.Next(classCount)] = (float)random.NextDouble();
                }

                Compare.BothRows(kernels, scores, classCount);
                var alone = new float[scores.Length];
                for (var start = 0; start < scores.Length; start += classCount)
                    Softmax.Compute(kernels, scores.AsSpan(start, classCount), alone.AsSpan(start, classCount), 1f);
                Compare.SoftmaxRows(scores, classCount, alone);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OnePairUnlikeTheRest_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        var random = new Random(6);
        (float, float)[] pairs =
        [
            (float.NegativeInfinity, 1f), (1f, float.NegativeInfinity), (-60f, 60f), (100f, -100f),
            (3e38f, -3e38f), (-1e10f, 5f), (float.NaN, 1f), (1f, float.PositiveInfinity),
        ];
        foreach (var place in (int[])[0, 15, 16, 33, 47, 48, 63, 64, 100, 130, 149])
        {
            foreach (var (first, second) in pairs)
            {
                // Differences of scores of unlike size are not floats.
                var scores = Enumerable.Range(0, 300).Select(_ => (float)((random.NextDouble() * 80) - 40)).ToArray();
                (scores[2 * place], scores[(2 * place) + 1]) = (first, second);
                Compare.BothRows(kernels, scores, 2);
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Softmax_ScoreWhoseExponentIsWhatRoundsIt_Is0(string path)
    {
        // At this temperature a score in units of ln 2 is the score itself, and their sums with powers of 2 come to exactly 0.
        const float Temperature = 1.442695f;
        var kernels = Paths.Named(path);
        foreach (var rounder in (int[])[1 << 19, 3 << 18, 1 << 23, 3 << 22])
        {
            for (var power = -130; power <= 130; power++)
            {
                var row = new float[200];
                row[100] = -rounder - power;
                var actual = new float[row.Length];
                Softmax.Compute(kernels, row, actual, Temperature);
                Compare.Relative(Naive.Softmax(row, Temperature), actual);
                Assert.Equal(0f, actual[100]);
            }
        }
    }

    private static void ForEveryRow(Action<float[], float> check)
    {
        var random = new Random(5);
        foreach (var count in (int[])[65, 80, 128, 131, 300, 1_100])
        {
            foreach (var place in new[] { 0, 63, 64, count / 2, count - 1 }.Distinct())
            {
                foreach (var (temperature, level) in ((float, float)[])[(1f, 0f), (1f, 20_000f), (0.5f, 0f)])
                {
                    var row = RowKinds.Normal(random, 1, count, 1, 0);
                    foreach (var unlike in Unlike)
                    {
                        var changed = row.Select(score => (score * temperature) + level).ToArray();
                        changed[place] = (unlike * temperature) + level;
                        check(changed, temperature);
                    }
                }
            }
        }
    }
}
