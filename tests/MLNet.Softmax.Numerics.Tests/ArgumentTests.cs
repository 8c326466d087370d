using System.Runtime.InteropServices;

namespace MLNet.Softmax.Numerics.Tests;

/// <summary>What bad arguments are told.</summary>
public class ArgumentTests
{
    [Theory]
    [InlineData(0f, "0")]
    [InlineData(-1.5f, "-1.5")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void AnyOperation_BadTemperature_NamesTheValue(float temperature, string shown)
    {
        var buffer = new float[2];
        foreach (var call in (Action[])
        [
            () => Softmax.Compute(buffer, buffer, temperature),
            () => Softmax.Rows(buffer, 2, buffer, temperature),
            () => LogSoftmax.Compute(buffer, buffer, temperature),
            () => LogSoftmax.Rows(buffer, 2, buffer, temperature),
            () => LogSumExp.Compute(buffer, temperature),
        ])
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>("temperature", call);
            Assert.StartsWith($"The temperature must be finite and greater than 0, but it is {shown}.", error.Message);
            Assert.Equal(temperature, error.ActualValue);
        }
    }

    [Fact]
    public void AnyOperation_ShortDestination_NamesBothLengths()
    {
        float[] scores = new float[3], target = new float[3], destination = new float[2];
        Refusal.OfAll<ArgumentException>("The destination holds 2 values, but the input has 3; make it at least as long.", null,
            () => Softmax.Compute(scores, destination),
            () => Softmax.Rows(scores, 3, destination),
            () => LogSoftmax.Compute(scores, destination),
            () => LogSoftmax.Rows(scores, 3, destination),
            () => Probabilities.ToLogits(scores, destination),
            () => ArgMax.OneHot(scores, destination),
            () => CrossEntropy.LossAndGradient(scores, 0, destination),
            () => CrossEntropy.SoftTargetLossAndGradient(scores, target, destination),
            () => CrossEntropy.RowsWithGradient(scores, 3, [0], destination),
            () => CrossEntropy.SoftTargetRowsWithGradient(scores, 3, target, destination));
    }

    [Fact]
    public void AnyOperation_ShiftedDestination_NamesTheOffset()
    {
        float[] memory = new float[4], target = new float[3];
        Refusal.OfAll<ArgumentException>("The destination overlaps the input at an offset of 1 values;", null,
            () => Softmax.Compute(memory.AsSpan(0, 3), memory.AsSpan(1)),
            () => Softmax.Rows(memory.AsSpan(0, 3), 3, memory.AsSpan(1)),
            () => LogSoftmax.Compute(memory.AsSpan(0, 3), memory.AsSpan(1)),
            () => LogSoftmax.Rows(memory.AsSpan(0, 3), 1, memory.AsSpan(1)),
            () => Probabilities.ToLogits(memory.AsSpan(0, 3), memory.AsSpan(1)),
            () => ArgMax.OneHot(memory.AsSpan(0, 3), memory.AsSpan(1)),
            () => CrossEntropy.LossAndGradient(memory.AsSpan(0, 3), 0, memory.AsSpan(1)),
            () => CrossEntropy.SoftTargetLossAndGradient(memory.AsSpan(0, 3), target, memory.AsSpan(1)),
            () => CrossEntropy.RowsWithGradient(memory.AsSpan(0, 3), 3, [0], memory.AsSpan(1)),
            () => CrossEntropy.SoftTargetRowsWithGradient(memory.AsSpan(0, 3), 3, target, memory.AsSpan(1)));
    }

    [Fact]
    public void TopKAndSoftTargets_OverlappingDestination_IsRefused()
    {
        float[] scores = new float[2], target = new float[2];
        int[] indices = new int[2];
        Refusal.OfAll<ArgumentException>("The destination overlaps an input; give it memory of its own.", null,
            () => TopK.Compute(scores, indices, scores),
            () => TopK.Rows(scores, 2, 2, indices, scores),
            () => CrossEntropy.SoftTargetLossAndGradient(scores, target, target),
            () => CrossEntropy.RowsWithGradient(scores, 2, MemoryMarshal.Cast<float, int>(target.AsSpan(0, 1)), target),
            () => CrossEntropy.SoftTargetRowsWithGradient(scores, 2, target, target));
    }

    [Fact]
    public void Rows_PartOfARow_NamesBothNumbers()
    {
        var scores = new float[7];
        Refusal.OfAll<ArgumentException>("There are 7 scores, which is no whole number of rows of 3 classes.", "scores",
            () => Softmax.Rows(scores, 3, scores),
            () => LogSoftmax.Rows(scores, 3, scores),
            () => TopK.Rows(scores, 3, 1, new int[7], new float[7]),
            () => CrossEntropy.Rows(scores, 3, [0, 1]),
            () => CrossEntropy.RowsWithGradient(scores, 3, [0, 1], scores),
            () => CrossEntropy.SoftTargetRows(scores, 3, new float[7]),
            () => CrossEntropy.SoftTargetRowsWithGradient(scores, 3, new float[7], scores));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Rows_BadClassCount_NamesIt(int classCount)
    {
        var scores = new float[2];
        foreach (var call in (Action[])
            [() => Softmax.Rows(scores, classCount, scores), () => TopK.Rows(scores, classCount, 1, new int[2], new float[2])])
            Assert.Equal(classCount, Assert.Throws<ArgumentOutOfRangeException>("classCount", call).ActualValue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Rows_BadDegreeOfParallelism_NamesIt(int threads)
    {
        var scores = new float[2];
        Refusal.OfAll<ArgumentOutOfRangeException>(
            $"The degree of parallelism must be at least 1, or -1 for every processor, but it is {threads}.", "maxDegreeOfParallelism",
            () => Softmax.Rows(scores, 2, scores, 1f, threads),
            () => LogSoftmax.Rows(scores, 2, scores, 1f, threads),
            () => TopK.Rows(scores, 2, 1, new int[1], new float[1], threads),
            () => CrossEntropy.Rows(scores, 2, [0], default, threads),
            () => CrossEntropy.RowsWithGradient(scores, 2, [0], scores, default, threads),
            () => CrossEntropy.SoftTargetRows(scores, 2, new float[2], default, threads),
            () => CrossEntropy.SoftTargetRowsWithGradient(scores, 2, new float[2], scores, default, threads));
    }

    [Fact]
    public void TopK_BadKOrDestinations_NamesItOrTheirLengths()
    {
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>("k", () => TopK.Rows([1f], 1, 0, [], [])).ActualValue);
        Refusal.OfAll<ArgumentException>("k, the length of the indices, must be at least 1, but it is 0.", "indices",
            () => TopK.Compute([1f], [], []));
        Refusal.OfAll<ArgumentException>("There is room for 1 values, but for 2 indices;", "values",
            () => TopK.Compute([1f], new int[2], new float[1]));
        Refusal.OfAll<ArgumentException>("There is room for 3 indices, but 2 rows need 4, 2 each.", "indices",
            () => TopK.Rows(new float[6], 3, 2, new int[3], new float[4]));
        Refusal.OfAll<ArgumentException>("There is room for 3 values, but 2 rows need 4, 2 each.", "values",
            () => TopK.Rows(new float[6], 3, 2, new int[4], new float[3]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void CrossEntropy_UnknownLabel_NamesItAndTheClasses(int label)
    {
        float[] scores = new float[3], gradient = [7f, 7f, 7f];
        Refusal.OfAll<ArgumentOutOfRangeException>($"The label must be from 0 to 2, one of 3 classes, but it is {label}.", "label",
            () => CrossEntropy.Loss(scores, label),
            () => CrossEntropy.LossAndGradient(scores, label, gradient),
            () => CrossEntropy.Rows(scores, 3, [label]),
            () => CrossEntropy.RowsWithGradient(scores, 3, [label], gradient));
        Assert.Equal([7f, 7f, 7f], gradient);
    }

    [Fact]
    public void CrossEntropy_WrongNumberOfTargetsLabelsOrWeights_NamesBoth()
    {
        float[] scores = new float[3], two = new float[2], gradient = new float[3];
        Refusal.OfAll<ArgumentException>("There are 2 targets for 3 scores;", null,
            () => CrossEntropy.SoftTargetLoss(scores, two),
            () => CrossEntropy.SoftTargetLossAndGradient(scores, two, gradient),
            () => CrossEntropy.SoftTargetRows(scores, 3, two),
            () => CrossEntropy.SoftTargetRowsWithGradient(scores, 3, two, gradient));
        Refusal.OfAll<ArgumentException>("There are 2 labels for 1 rows;", "labels",
            () => CrossEntropy.Rows(scores, 3, [0, 0]),
            () => CrossEntropy.RowsWithGradient(scores, 3, [0, 0], gradient));
        Refusal.OfAll<ArgumentException>("There are 2 class weights for 3 classes;", "options",
            Overloads(3, () => new() { ClassWeights = new float[2] }));
    }

    [Theory]
    [InlineData(-0.1f, "-0.1")]
    [InlineData(1.1f, "1.1")]
    [InlineData(float.NaN, "NaN")]
    public void CrossEntropy_BadSmoothing_NamesIt(float smoothing, string shown) =>
        Refusal.OfAll<ArgumentOutOfRangeException>($"LabelSmoothing must be from 0 to 1, but it is {shown}.", "options",
            Overloads(1, () => new() { LabelSmoothing = smoothing }));

    [Theory]
    [InlineData(-1f, "-1")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void CrossEntropy_BadClassWeight_NamesTheClassAndTheWeight(float weight, string shown) =>
        Refusal.OfAll<ArgumentOutOfRangeException>($"The weight of class 1 must be finite and at least 0, but it is {shown}.", "options",
            Overloads(2, () => new() { ClassWeights = new[] { 1f, weight } }));

    [Fact]
    public void Fits_WithoutRowsOrAGoal_NameTheArgument()
    {
        foreach (var fit in (Action[])
        [
            () => TemperatureScaling.Fit(null!), () => VectorScaling.Fit(null!), () => MatrixScaling.Fit(null!),
            () => DirichletCalibration.Fit(null!), () => IsotonicCalibration.Fit(null!),
        ])
            Assert.Throws<ArgumentNullException>("rows", fit);
        Assert.Throws<ArgumentNullException>("goal", () => new ThresholdRows(2).Fit(null!));
        Assert.Throws<ArgumentNullException>("goal", () => new ThresholdRows(2, 1).Evaluate(0.5f, null!));
    }

    private delegate CrossEntropyOptions Options();

    /// <summary>Every way to a cross-entropy, of one row.</summary>
    private static Action[] Overloads(int classCount, Options options)
    {
        float[] scores = new float[classCount], target = new float[classCount], gradient = new float[classCount];
        return
        [
            () => CrossEntropy.Loss(scores, 0, options()),
            () => CrossEntropy.LossAndGradient(scores, 0, gradient, options()),
            () => CrossEntropy.SoftTargetLoss(scores, target, options()),
            () => CrossEntropy.SoftTargetLossAndGradient(scores, target, gradient, options()),
            () => CrossEntropy.Rows(scores, classCount, [0], options()),
            () => CrossEntropy.RowsWithGradient(scores, classCount, [0], gradient, options()),
            () => CrossEntropy.SoftTargetRows(scores, classCount, target, options()),
            () => CrossEntropy.SoftTargetRowsWithGradient(scores, classCount, target, gradient, options()),
        ];
    }
}
