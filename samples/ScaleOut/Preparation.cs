using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using nietras.SeparatedValues;

namespace ScaleOut;

/// <summary>A model with real features and more rows than there are digits: the digits that it has not seen, with noise.</summary>
internal static class Preparation
{
    private const int Noise = 1;
    private const int Brightest = 16;

    public static void Run(string folder, int rowCount, int shardCount)
    {
        var mlContext = new MLContext(seed: 1);
        var digits = mlContext.Data.LoadFromTextFile<Digit>(
            Path.Combine(AppContext.BaseDirectory, "digits.csv"), separatorChar: ',', hasHeader: true);
        var data = mlContext.Data.TrainTestSplit(digits, testFraction: 0.25, seed: 1);
        Directory.CreateDirectory(folder);
        Export(mlContext, data.TrainSet, Path.Combine(folder, "model.onnx"));

        Digit[] unseen = [.. mlContext.Data.CreateEnumerable<Digit>(data.TestSet, reuseRowObject: false)];
        var shards = Directory.CreateDirectory(Path.Combine(folder, "shards")).FullName;
        var random = new Random(1);
        for (var shard = 0; shard < shardCount; shard++)
        {
            var count = (int)((long)rowCount * (shard + 1) / shardCount - (long)rowCount * shard / shardCount);
            WriteShard(Path.Combine(shards, string.Create(CultureInfo.InvariantCulture, $"shard-{shard:000}.csv")), unseen, count, random);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Wrote model.onnx and {rowCount:N0} rows in {shardCount} shards to {folder}."));
    }

    /// <summary>Trains softmax regression, and exports it from the features to the probabilities.</summary>
    private static void Export(MLContext mlContext, IDataView trainSet, string path)
    {
        var labels = mlContext.Transforms.Conversion.MapValueToKey(
            "Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);
        var trainer = mlContext.MulticlassClassification.Trainers.MultilayerPerceptron(hiddenLayers: [], seed: 1)
            .Append(mlContext.Transforms.Softmax("Probability", "Score"));
        var model = trainer.Fit(labels.Fit(trainSet).Transform(trainSet));
        using var file = File.Create(path);
        mlContext.Model.ConvertToOnnx(model, mlContext.Data.LoadFromEnumerable(Array.Empty<Pixels>()), file, "Probability");
    }

    private static void WriteShard(string path, Digit[] digits, int rowCount, Random random)
    {
        using var writer = Sep.New(',').Writer().ToFile(path);
        string[] columns = [.. Enumerable.Range(0, Pixels.Count).Select(pixel => $"P{pixel}")];
        var noisy = new int[Pixels.Count];
        for (var index = 0; index < rowCount; index++)
        {
            var digit = digits[random.Next(digits.Length)];
            for (var pixel = 0; pixel < noisy.Length; pixel++)
                noisy[pixel] = Math.Clamp((int)digit.Features[pixel] + random.Next(-Noise, Noise + 1), 0, Brightest);
            using var row = writer.NewRow();
            row["Label"].Format((int)digit.Label);
            row[columns].Format(noisy);
        }
    }
}

/// <summary>The brightness of 8 x 8 pixels, from 0 to 16.</summary>
internal class Pixels
{
    public const int Count = 64;

    [LoadColumn(0, Count - 1)]
    [VectorType(Count)]
    public float[] Features { get; set; } = [];
}

/// <summary>A handwritten digit.</summary>
internal sealed class Digit : Pixels
{
    [LoadColumn(Count)]
    public float Label { get; set; }
}
