using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>Agreement with PyTorch in double precision, on the rows of golden.json.</summary>
public class GoldenTests
{
    [Fact]
    public void Softmax_GoldenRows_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            var actual = new float[golden.Logits.Length];
            Softmax.Compute(golden.Scores, actual, (float)golden.Temperature);
            Compare.Relative(golden.Softmax, actual);
        }
    }

    [Fact]
    public void LogSoftmax_GoldenRows_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            var actual = new float[golden.Logits.Length];
            LogSoftmax.Compute(golden.Scores, actual, (float)golden.Temperature);
            Compare.RelativeOrAbsolute(golden.LogSoftmax, actual);
        }
    }

    [Fact]
    public void LogSumExp_GoldenRows_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
            Compare.RelativeOrAbsolute([golden.LogSumExp], [LogSumExp.Compute(golden.Scores, (float)golden.Temperature)]);
    }

    [Theory]
    [InlineData("label")]
    [InlineData("label, smoothing and weights")]
    [InlineData("soft target")]
    public void CrossEntropy_GoldenTargets_AgreesWithPyTorch(string kind)
    {
        foreach (var golden in GoldenCase.All())
        {
            var expected = kind == "label" ? golden.CrossEntropy : kind == "soft target" ? golden.SoftTarget : golden.SmoothedWeightedSum;
            if (expected is null)
                continue;
            CrossEntropyOptions Options() => new() { LabelSmoothing = (float)expected.Smoothing, ClassWeights = expected.Weights };
            var (scores, gradient) = (golden.Scores, new float[golden.Logits.Length]);
            float[] losses = expected.Target is { } target
                ? [CrossEntropy.SoftTargetLossAndGradient(scores, target, gradient, Options()),
                    CrossEntropy.SoftTargetLoss(scores, target, Options())]
                : [CrossEntropy.LossAndGradient(scores, golden.Target, gradient, Options()),
                    CrossEntropy.Loss(scores, golden.Target, Options())];
            Compare.RelativeOrAbsolute([expected.Loss, expected.Loss], losses, 1e-6);
            Compare.RelativeOrAbsolute(expected.Gradient, gradient, 1e-6);
        }
    }

    [Fact]
    public void TopK_GoldenRows_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            var scores = golden.Scores;
            var indices = new int[golden.TopK.K];
            var values = new float[golden.TopK.K];
            Assert.Equal(golden.TopK.Indices.Length, TopK.Compute(scores, indices, values));
            Assert.Equal(golden.TopK.Indices, indices);
            Assert.Equal(indices.Select(index => scores[index]), values);
            Assert.Equal(indices[0], ArgMax.Compute(scores));
        }
    }
}

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
