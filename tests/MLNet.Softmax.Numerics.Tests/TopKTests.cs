namespace MLNet.Softmax.Numerics.Tests;

/// <summary>
/// Top-k of one row and of many on each path, on shapes that fill blocks of rows, registers and candidate buffers exactly, nearly and too
/// far.
/// </summary>
public class TopKTests : OnEveryPath
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

    /// <summary>Of each row the beginning of its sorted scores, bit by bit; without a path through the public method.</summary>
    private static void Check(string? path, float[] scores, int classCount, int[] ks, int threads = 1)
    {
        var rows = scores.Chunk(classCount).ToArray();
        var orders = rows.Select(Naive.Order).ToArray();
        foreach (var k in ks.Distinct())
        {
            var count = Math.Min(k, classCount);
            var (indices, values) = (new int[rows.Length * count], new float[rows.Length * count]);
            Assert.Equal(count, path is null
                ? TopK.Rows(scores, classCount, k, indices, values, threads)
                : TopK.Rows(Paths.Named(path), scores, classCount, k, indices, values, threads));
            Assert.Equal(orders.SelectMany(order => order[..count]), indices);
            Assert.Equal(
                rows.SelectMany((row, r) => orders[r][..count].Select(i => BitConverter.SingleToUInt32Bits(row[i]))),
                values.Select(BitConverter.SingleToUInt32Bits));
        }
    }

    /// <summary>A fast loop that gave every row to the slow one would still be right: so ordinary rows must all stay in it.</summary>
    [Fact]
    public void Columns_OfOrdinaryRows_AreAllDoneByThem_AndAllButOneBlockAroundARowWithTooFewScores()
    {
        InColumns<Lanes128>();
        InColumns<Lanes256>();
        InColumns<Lanes512>();
    }

    private static unsafe void InColumns<TLanes>()
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var rowCount = 5 * TLanes.Count;
        foreach (var classCount in (int[])[2, 3, 4, 5, 10, 16, 31])
        {
            foreach (var k in Enumerable.Range(1, Math.Min(classCount, 16)).Where(k => TopKColumns<TLanes>.Suits(classCount, k)))
            {
                var scores = RowKinds.Normal(new Random(classCount), rowCount, classCount, 3, 0);
                var (indices, values) = (new int[rowCount * k], new float[rowCount * k]);
                fixed (float* source = scores, found = values)
                fixed (int* places = indices)
                {
                    Assert.Equal(rowCount, TopKColumns<TLanes>.Write(source, rowCount, classCount, k, places, found));
                    scores.AsSpan(2 * TLanes.Count * classCount, classCount).Fill(float.NaN);
                    Assert.Equal(2 * TLanes.Count, TopKColumns<TLanes>.Write(source, rowCount, classCount, k, places, found));
                }
            }
        }
    }

    [Fact]
    public void Compute_AnyRowAndEveryK_IsTheSortedRowsBeginning() => Prop.ForAll(AnyRow.Any, row =>
    {
        var order = Naive.Order(row.Scores);
        foreach (var k in (int[])[1, 2, 3, 5, 10, 16, 17, Math.Max(1, row.Scores.Length), row.Scores.Length + 3])
            CheckRow(row.Scores, order, k);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    [Fact]
    public void Compute_FewDifferentValues_GivesTiesToTheLowerIndex()
    {
        var random = new Random(4);
        for (var length = 1; length <= 300; length++)
        {
            float[] values = [0f, -0f, 1f, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 2f];
            var scores = Enumerable.Range(0, length).Select(_ => values[random.Next(1 + random.Next(values.Length))]).ToArray();
            var order = Naive.Order(scores);
            foreach (var k in (int[])[1, 2, 5, 10, 20])
                CheckRow(scores, order, k);
        }
    }

    [Fact]
    public void Compute_AscendingAndDescendingRows_AreExact()
    {
        foreach (var length in (int[])[100, 1000, 5000])
        {
            float[] ascending = [.. Enumerable.Range(0, length).Select(i => (float)i)];
            float[] descending = [.. ascending.Reverse()];
            foreach (var k in (int[])[1, 5, 100])
            {
                CheckRow(ascending, Naive.Order(ascending), k);
                CheckRow(descending, Naive.Order(descending), k);
            }
        }
    }

    [Fact]
    public void Compute_MoreThanThereAre_LeavesTheRestAlone()
    {
        int[] indices = [9, 9, 9];
        float[] values = [9f, 9f, 9f];
        Assert.Equal(2, TopK.Compute([1f, 2f], indices, values));
        Assert.Equal([1, 0, 9], indices);
        Assert.Equal([2f, 1f, 9f], values);
        Assert.Equal(0, TopK.Compute([], indices, values));
    }

    [Fact]
    public void Rows_OnSeveralThreadsAndForMoreThanThereAre_AreAsIfAlone()
    {
        var random = new Random(8);
        foreach (var classCount in (int[])[1, 2, 3, 5, 10, 16, 17, 100, 129, 1000, 2049])
        {
            foreach (var threads in (int[])[1, 2])
                Check(null, RowKinds.Normal(random, 70, classCount, 3, 0), classCount, [1, 3, 5, 10, 5000], threads);
        }

        // A thread starts only for 2^17 scores or more.
        foreach (var (rowCount, classCount) in ((int, int)[])[(4_000, 99), (41, 10_000)])
        {
            foreach (var threads in (int[])[2, 3])
            {
                Assert.Equal(threads, RowPartition.ShareCount(rowCount, classCount, threads));
                Check(null, RowKinds.Normal(random, rowCount, classCount, 3, 0), classCount, [1, 3], threads);
            }
        }
    }

    private static void CheckRow(float[] scores, int[] order, int k)
    {
        foreach (var kernels in Paths.All)
        {
            var indices = new int[k];
            var values = new float[k];
            var count = TopK.Compute(kernels, scores, indices, values);
            Assert.Equal(Math.Min(k, scores.Length), count);
            Assert.Equal(order[..count], indices[..count]);
            Assert.Equal(order[..count].Select(i => scores[i]), values[..count]);
        }

        if (k == 1 && scores.Length > 0)
            Assert.Equal(order[0], ArgMax.Compute(scores));
    }
}
