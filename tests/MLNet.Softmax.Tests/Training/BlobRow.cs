namespace MLNet.Softmax.Tests.Training;

/// <summary>A row of three well separated clouds of points, 'a', 'b' and 'c'.</summary>
internal sealed class BlobRow
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";

    public static List<BlobRow> Create(int seed, int count = 150, float noise = 0.5f)
    {
        var random = new Random(seed);
        float Noise() => noise * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
        (string Label, float X, float Y)[] centres = [("a", 0f, 3f), ("b", 3f, -2f), ("c", -3f, -2f)];
        return [.. Enumerable.Range(0, count).Select(row => centres[row % 3]).Select(centre =>
            new BlobRow { Label = centre.Label, Features = [centre.X + Noise(), centre.Y + Noise()] })];
    }

    /// <summary>The rows with their label as a key that carries the names.</summary>
    public static IDataView View(MLContext mlContext, IEnumerable<BlobRow> rows)
    {
        var data = mlContext.Data.LoadFromEnumerable(rows);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }
}
