using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>One row of golden.json: what PyTorch computes in double precision.</summary>
public sealed record GoldenCase(
    [property: JsonConverter(typeof(GoldenCase.NullIsNegativeInfinity))] double[] Logits,
    double Temperature,
    double[] Softmax,
    [property: JsonConverter(typeof(GoldenCase.NullIsNegativeInfinity))] double[] LogSoftmax,
    double LogSumExp,
    int Target,
    GoldenLoss? CrossEntropy,
    GoldenLoss? SmoothedWeightedSum,
    GoldenLoss? SoftTarget,
    GoldenTopK TopK)
{
    public float[] Scores => [.. Logits.Select(value => (float)value)];

    public static IReadOnlyList<GoldenCase> All()
    {
        using var file = File.OpenRead(Repository.TestData("golden.json"));
        var cases = JsonSerializer.Deserialize<GoldenFile>(file, JsonSerializerOptions.Web)!.Cases;
        Assert.Equal(120, cases.Length);
        return cases;
    }

    private sealed record GoldenFile(GoldenCase[] Cases);

    internal sealed class NullIsNegativeInfinity : JsonConverter<double[]>
    {
        public override double[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => [.. JsonSerializer.Deserialize<double?[]>(ref reader, options)!.Select(value => value ?? double.NegativeInfinity)];

        public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }
}

public sealed record GoldenLoss(double Loss, double[] Gradient, double Smoothing = 0, float[]? Weights = null, float[]? Target = null);

public sealed record GoldenTopK(int K, int[] Indices);
