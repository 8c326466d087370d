namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// Top-k of many rows on each path, on shapes that fill blocks of rows, registers and candidate buffers exactly, nearly and too far.
/// </summary>
public class TopKRowsTests : OnEveryPath
{
    private static readonly float[][] Alphabets =
    [
        [0f, -0f],
        [float.NaN, float.NegativeInfinity],
        [float.NaN, 1f, 2f],
        [0f, -0f, 1f, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 2f],
        [float.PositiveInfinity, float.MaxValue],
        [float.NaN],
        [float.Epsilon, -float.Epsilon, 0f, -0f],
    ];

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OfAFewClasses_AreExactWhateverNumberOfThemThereIs(string path)
    {
        var random = new Random(21);
        for (var classCount = 1; classCount <= 70; classCount++)
        {
            foreach (var rowCount in (int[])[1, 3, 4, 7, 8, 9, 15, 16, 17, 33])
                Check(path, Filled(random, rowCount * classCount), classCount, [1, 2, 5, classCount]);
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_WithOneThatHasNoFiniteScore_AreExactAroundIt(string path)
    {
        foreach (var filler in (float[])[float.NaN, float.NegativeInfinity])
        {
            foreach (var classCount in (int[])[2, 3, 4, 10, 33])
            {
                for (var special = 0; special < 40; special++)
                {
                    var scores = RowKinds.Normal(new Random(special), 40, classCount, 3, 0);
                    scores.AsSpan(special * classCount, classCount).Fill(filler);
                    Check(path, scores, classCount, [1, 2]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_OfManyClasses_AreExactAroundEveryLimit(string path)
    {
        var random = new Random(22);
        foreach (var classCount in (int[])[71, 96, 127, 128, 129, 191, 255, 256, 257, 511, 512, 513, 1000, 4095, 4096, 4097, 9001])
        {
            int[] ks = [1, 2, 3, 4, 6, 7, 12, 13, 24, 25, 48, 49, 128, 129];
            Check(path, RowKinds.Normal(random, 3, classCount, 3, 0), classCount, ks);
            foreach (var alphabet in Alphabets)
                Check(path, [.. Enumerable.Range(0, classCount).Select(_ => alphabet[random.Next(alphabet.Length)])], classCount, ks);
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_MostlyNaN_EndWithNaNInIndexOrder(string path)
    {
        var random = new Random(23);
        foreach (var classCount in (int[])[5, 16, 40, 100, 700, 5000])
        {
            var scores = Enumerable.Repeat(float.NaN, 20 * classCount).ToArray();
            for (var i = 0; i < 60; i++)
                scores[random.Next(scores.Length)] = random.Next(-2, 3);
            Check(path, scores, classCount, [1, 2, 5, 20]);
        }
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_RisingAndFalling_OverflowTheCandidatesAndStayExact(string path)
    {
        foreach (var classCount in (int[])[150, 600, 3000])
        {
            float[] rising = [.. Enumerable.Range(0, classCount).Select(i => (float)(i / 3))];
            float[] sawtooth = [.. Enumerable.Range(0, classCount).Select(i => (float)(i % 64) + (i / 64))];
            Check(path, [.. rising, .. rising.Reverse(), .. sawtooth], classCount, [1, 5, 12, 20, 40, 48]);
        }
    }

    [Fact]
    public void Rows_AnyScores_AreTheSortedRowsBeginnings() => Prop.ForAll(AnyRow.Any, row =>
    {
        if (row.Scores.Length == 0)
            return;
        float[] rows = [.. Enumerable.Repeat(row.Scores, 17).SelectMany(scores => scores)];
        foreach (var path in Paths.Names)
            Check(path, rows, row.Scores.Length, [1, 4]);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static float[] Filled(Random random, int count)
    {
        var alphabet = Alphabets[random.Next(Alphabets.Length)];
        var ordinary = random.Next(3);
        return [.. Enumerable.Range(0, count)
            .Select(_ => random.Next(3) < ordinary ? random.NextSingle() : alphabet[random.Next(alphabet.Length)])];
    }

    private static void Check(string path, float[] scores, int classCount, int[] ks)
    {
        var rowCount = scores.Length / classCount;
        var rows = Enumerable.Range(0, rowCount).Select(row => scores[(row * classCount)..((row + 1) * classCount)]).ToArray();
        var orders = rows.Select(Naive.Order).ToArray();
        foreach (var k in ks.Where(k => k <= classCount).Distinct())
        {
            var indices = new int[rowCount * k];
            var values = new float[rowCount * k];
            TopK.Rows(Paths.Named(path), scores, classCount, k, indices, values, 1);
            Assert.Equal(orders.SelectMany(order => order[..k]), indices);
            Assert.Equal(
                rows.SelectMany((row, r) => orders[r][..k].Select(i => BitConverter.SingleToUInt32Bits(row[i]))),
                values.Select(BitConverter.SingleToUInt32Bits));
        }
    }
}
