namespace MLNet.Softmax.Numerics.Tests;

public class TopKTests
{
    [Fact]
    public void Compute_AnyRowAndEveryK_IsTheSortedRowsBeginning() => Prop.ForAll(AnyRow.Any, row =>
    {
        var order = Naive.Order(row.Scores);
        foreach (var k in (int[])[1, 2, 3, 5, 10, 16, 17, Math.Max(1, row.Scores.Length), row.Scores.Length + 3])
            Check(row.Scores, order, k);
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
                Check(scores, order, k);
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
                Check(ascending, Naive.Order(ascending), k);
                Check(descending, Naive.Order(descending), k);
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
    public void Rows_EveryRow_IsAsIfAlone()
    {
        var random = new Random(8);
        foreach (var classCount in (int[])[1, 2, 3, 5, 10, 16, 17, 100, 129, 1000, 2049])
        {
            foreach (var k in (int[])[1, 3, 5, 10, 5000])
            {
                var scores = RowKinds.Normal(random, 70, classCount, 3, 0);
                var count = Math.Min(k, classCount);
                foreach (var threads in (int[])[1, 2])
                {
                    var indices = new int[70 * count];
                    var values = new float[70 * count];
                    Assert.Equal(count, TopK.Rows(scores, classCount, k, indices, values, threads));
                    for (var row = 0; row < 70; row++)
                    {
                        var one = scores[(row * classCount)..((row + 1) * classCount)];
                        Assert.Equal(Naive.Order(one)[..count], indices[(row * count)..((row + 1) * count)]);
                        Assert.Equal(indices.Skip(row * count).Take(count).Select(i => one[i]), values.Skip(row * count).Take(count));
                    }
                }
            }
        }
    }

    private static void Check(float[] scores, int[] order, int k)
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
