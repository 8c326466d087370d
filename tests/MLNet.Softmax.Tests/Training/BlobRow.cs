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
    public static IDataView View(MLContext mlContext, IEnumerable<BlobRow> rows) =>
        Keyed(mlContext, mlContext.Data.LoadFromEnumerable(rows));

    /// <summary>The view with its column Label as a key.</summary>
    public static IDataView Keyed(MLContext mlContext, IDataView data) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label").FitTransform(data);
}

/// <summary>Labels from 0, as objects hold them; what is no class becomes a missing key.</summary>
internal sealed class KeyedRow
{
    [VectorType(2)]
    public float[] Features { get; set; } = [1f, 2f];

    [KeyType(3)]
    public uint Label { get; set; }

    public float Weight { get; set; } = 1;

    /// <summary>Blobs whose weight follows from their index.</summary>
    public static KeyedRow[] Create(Func<int, float>? weight = null, float noise = 0.5f) => [.. BlobRow.Create(1, noise: noise).Select(
        (row, index) => new KeyedRow { Features = row.Features, Label = (uint)(row.Label[0] - 'a'), Weight = weight?.Invoke(index) ?? 1 })];
}

internal sealed class LabelledRow<T>
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public T Label { get; set; } = default!;
}

internal sealed class WideRow
{
    [VectorType(3)]
    public float[] Features { get; set; } = [1f, 2f, 3f];

    public string Label { get; set; } = "";
}

/// <summary>Tests of the trainer, with what most of them need.</summary>
public abstract class MultilayerPerceptronTestBase
{
    private protected MLContext MlContext { get; } = new(seed: 1);

    private protected MultilayerPerceptronTrainer Create(MultilayerPerceptronOptions options) =>
        MlContext.MulticlassClassification.Trainers.MultilayerPerceptron(options);

    private protected IDataView Blobs(int seed = 1, int count = 150, float noise = 0.5f) =>
        BlobRow.View(MlContext, BlobRow.Create(seed, count, noise));

    private protected IDataView Load<T>(params IEnumerable<T> rows)
        where T : class => MlContext.Data.LoadFromEnumerable(rows);
}
