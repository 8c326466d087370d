using Microsoft.ML;
using Microsoft.ML.Data;

namespace ReadmeExamples;

/// <summary>Three snacks, classified by length and colour, with some overlap.</summary>
internal static class Snacks
{
    public static (IDataView Train, IDataView HeldOut, IDataView Test) Split(MLContext mlContext)
    {
        var snacks = Some().ToArray();
        IDataView Load(int from, int count) => mlContext.Data.LoadFromEnumerable(snacks.AsSpan(from, count).ToArray());
        return (Load(0, 300), Load(300, 300), Load(600, 300));
    }

    public static T[] Column<T>(this IDataView data, string name) => [.. data.GetColumn<T>(name)];

    /// <summary>Gives logits.</summary>
    public static IEstimator<ITransformer> Trainer(MLContext mlContext) => mlContext.Transforms.Conversion.MapValueToKey("Label")
        .Append(mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [16], epochCount: 30));

    private static IEnumerable<Snack> Some()
    {
        var random = new Random(1);
        (string Label, float Length, float Red)[] kinds = [("hot dog", 0.8f, 0.6f), ("pizza", 0.4f, 0.7f), ("salad", 0.4f, 0.2f)];
        float Around(float value) => value + 0.3f * (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f);
        for (int i = 0; i < 900; i++)
            yield return new Snack { Label = kinds[i % 3].Label, Features = [Around(kinds[i % 3].Length), Around(kinds[i % 3].Red)] };
    }
}

internal sealed class Snack
{
    public string Label { get; set; } = "";

    [VectorType(2)]
    public float[] Features { get; set; } = [];
}
