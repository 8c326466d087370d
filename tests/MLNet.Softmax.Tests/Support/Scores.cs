namespace MLNet.Softmax.Tests;

/// <summary>Rows of scores as user code has them, and small helpers to make and read data views.</summary>
internal sealed class ScoreRow
{
    public int Id { get; set; }

    [VectorType(3)]
    public float[] Score { get; set; } = [];
}

internal sealed class ProbabilityRow
{
    public int Id { get; set; }

    public float[] Probability { get; set; } = [];
}

internal static class Scores
{
    /// <summary>Rows that are clearly logits.</summary>
    public static ScoreRow[] Logits(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ScoreRow { Id = i, Score = [i * 0.37f - 2, 1 - i % 5, -0.5f * i] })];

    public static float[][] LogitRows(int count) => [.. Logits(count).Select(row => row.Score)];

    /// <summary>Rows that are clearly probabilities.</summary>
    public static ScoreRow[] Probabilities(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ScoreRow { Id = i, Score = [0.5f, 0.25f + 0.001f * i, 0.25f - 0.001f * i] })];

    public static IDataView View(MLContext mlContext, IEnumerable<ScoreRow> rows) => mlContext.Data.LoadFromEnumerable(rows);

    /// <summary>The softmax of one row, naively, in double precision.</summary>
    public static double[] NaiveSoftmax(IReadOnlyList<float> scores, double temperature = 1)
    {
        var shift = scores.Max();
        var terms = scores.Select(score => Math.Exp((score - (double)shift) / temperature)).ToArray();
        return [.. terms.Select(term => term / terms.Sum())];
    }

    public static IDataView FitTransform(this IEstimator<ITransformer> estimator, IDataView data) =>
        estimator.Fit(data).Transform(data);

    public static float[][] Column(this IDataView data, string name) => [.. data.GetColumn<float[]>(name)];

    /// <summary>What comes back of <paramref name="model"/> from a file, in an MLContext that has not used this library.</summary>
    public static ITransformer SaveAndLoad(ITransformer model, DataViewSchema schema) => Load(Save(model, schema));

    public static byte[] Save(ITransformer model, DataViewSchema? schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        return file.ToArray();
    }

    public static ITransformer Load(byte[] file) => new MLContext().Model.Load(new MemoryStream(file), out _);

    /// <summary>Each value within the tolerance of the expected one, and as many of them.</summary>
    public static void AssertClose(IEnumerable<double> expected, float[] actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.Count(), actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
