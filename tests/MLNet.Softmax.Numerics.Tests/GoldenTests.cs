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
            Compare.Relative(golden.Softmax, actual, 5e-7);
        }
    }

    [Fact]
    public void LogSoftmax_GoldenRows_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            var actual = new float[golden.Logits.Length];
            LogSoftmax.Compute(golden.Scores, actual, (float)golden.Temperature);
            Compare.RelativeOrAbsolute(golden.LogSoftmax, actual, 5e-7);
        }
    }

    [Fact]
    public void LogSumExp_GoldenRows_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
            Compare.RelativeOrAbsolute([golden.LogSumExp], [LogSumExp.Compute(golden.Scores, (float)golden.Temperature)], 5e-7);
    }

    [Fact]
    public void CrossEntropy_GoldenLabels_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            if (golden.CrossEntropy is { } expected)
                Check(golden, expected, (scores, gradient) => CrossEntropy.LossAndGradient(scores, golden.Target, gradient),
                    scores => CrossEntropy.Loss(scores, golden.Target));
        }
    }

    [Fact]
    public void CrossEntropy_GoldenSmoothingAndWeights_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            if (golden.SmoothedWeightedSum is not { } expected)
                continue;
            CrossEntropyOptions Options() => new() { LabelSmoothing = (float)expected.Smoothing, ClassWeights = expected.Weights };
            Check(golden, expected, (scores, gradient) => CrossEntropy.LossAndGradient(scores, golden.Target, gradient, Options()),
                scores => CrossEntropy.Loss(scores, golden.Target, Options()));
        }
    }

    [Fact]
    public void CrossEntropy_GoldenSoftTargets_AgreesWithPyTorch()
    {
        foreach (var golden in GoldenCase.All())
        {
            if (golden.SoftTarget is { } expected)
                Check(golden, expected, (scores, gradient) => CrossEntropy.LossAndGradient(scores, expected.Target, gradient),
                    scores => CrossEntropy.Loss(scores, expected.Target));
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

    private delegate float LossAndGradient(float[] scores, float[] gradient);

    private static void Check(GoldenCase golden, GoldenLoss expected, LossAndGradient lossAndGradient, Func<float[], float> loss)
    {
        var gradient = new float[golden.Logits.Length];
        Compare.RelativeOrAbsolute([expected.Loss, expected.Loss], [lossAndGradient(golden.Scores, gradient), loss(golden.Scores)], 1e-6);
        Compare.RelativeOrAbsolute(expected.Gradient, gradient, 1e-6);
    }
}
