namespace MLNet.Softmax.Tests.Calibration;

/// <summary>A row with what a trainer would say about it if it had not seen it.</summary>
internal sealed class KeptRow
{
    public int Id { get; set; }

    /// <summary>From 0, as ML.NET expects of keys in objects.</summary>
    [KeyType(3)]
    public uint Label { get; set; }

    public int TrueClass { get; set; }

    [VectorType(3)]
    public float[] Unseen { get; set; } = [];

    public static (IDataView Data, KeptRow[] Rows) Draw(MLContext mlContext, int count)
    {
        var drawn = CalibrationViews.Drawn(count, 1.8);
        var (labels, scores) = (drawn.GetColumn<uint>("Label").ToArray(), drawn.Column("Score"));
        KeptRow[] rows = [.. Enumerable.Range(0, count).Select(
            id => new KeptRow { Id = id, Label = labels[id] - 1, TrueClass = (int)labels[id] - 1, Unseen = scores[id] })];
        return (mlContext.Data.LoadFromEnumerable(rows), rows);
    }
}

internal sealed class ThreeScores
{
    [VectorType(3)]
    public float[] Score { get; set; } = [];
}

/// <summary>
/// Is certain, and right, about rows that it was fitted on; of others it says what the row holds. Keeps a list of its fits.
/// </summary>
internal sealed class MemorisingTrainer(MLContext mlContext) : IEstimator<ITransformer>
{
    public List<HashSet<int>> SeenByFit { get; } = [];

    public ITransformer Fit(IDataView input)
    {
        HashSet<int> seen = [.. input.GetColumn<int>("Id")];
        SeenByFit.Add(seen);
        return mlContext.Transforms.CustomMapping<KeptRow, ThreeScores>(
            (row, scores) => scores.Score = seen
                .Contains(row.Id) ? [.. Enumerable.Range(0, 3).Select(k => k == row.TrueClass ? 10f : 0f)] : row.Unseen,
            null).Fit(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) =>
        mlContext.Transforms.CustomMapping<KeptRow, ThreeScores>((_, _) => { }, null).GetOutputSchema(inputSchema);
}

/// <summary>A row with a label as text and two features that overlap between the kinds.</summary>
internal sealed class Flower
{
    public static readonly string[] Kinds = ["tulip", "rose", "iris"];

    public string Kind { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public static Flower[] Draw(int count)
    {
        var random = new Random(4);
        double Noise() => random.NextDouble() + random.NextDouble() - 1;
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var kind = random.Next(3);
            var (x, y) = (Math.Cos(kind * 2.1) + 1.6 * Noise(), Math.Sin(kind * 2.1) + 1.6 * Noise());
            return new Flower { Kind = Kinds[kind], Features = [(float)x, (float)y] };
        })];
    }
}
