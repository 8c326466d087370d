namespace MLNet.Softmax.Numerics.Tests;

public class CrossEntropyTests : OnEveryPath
{
    [Fact]
    public void LossAndGradient_OneTwoThreeWithClassTwo_AreThoseOfPyTorch()
    {
        var gradient = new float[3];
        Assert.Equal(0.4076059644, CrossEntropy.LossAndGradient([1f, 2f, 3f], 2, gradient), 1e-7);
        Compare.RelativeOrAbsolute([0.0900305732, 0.2447284711, -0.3347590442], gradient, 1e-7);
    }

    [Fact]
    public void Loss_SmoothingOfOneTenth_IsThatOfPyTorch()
        => Assert.Equal(0.5076059644, CrossEntropy.Loss([1f, 2f, 3f], 2, new CrossEntropyOptions { LabelSmoothing = 0.1f }), 1e-7);

    [Fact]
    public void LossAndGradient_AnyRowAndTarget_AgreeWithTheDefinitionAndItsFiniteDifferences() => Prop.ForAll(FiniteRows, row =>
    {
        var random = new Random(row.Length);
        var label = random.Next(row.Length);
        var weights = row.Select(_ => (float)random.NextDouble() * 2).ToArray();
        var target = row.Select(_ => (float)random.NextDouble()).ToArray();
        var scores = row.Select(value => (double)value).ToArray();
        CrossEntropyOptions Options() => new() { LabelSmoothing = 0.2f, ClassWeights = weights };
        Compare.RelativeOrAbsolute([Loss(scores, label, 0.2, weights)], [CrossEntropy.Loss(row, label, Options())], 1e-6);
        Compare.RelativeOrAbsolute([SoftLoss(scores, target, 0.2, weights)], [CrossEntropy.SoftTargetLoss(row, target, Options())], 1e-6);
        float[] onLabel = new float[row.Length], soft = new float[row.Length];
        CrossEntropy.LossAndGradient(row, label, onLabel, Options());
        CrossEntropy.SoftTargetLossAndGradient(row, target, soft, Options());
        for (var c = 0; c < row.Length; c++)
        {
            Assert.Equal(Slope(row, c, shifted => Loss(shifted, label, 0.2, weights)), onLabel[c], 1e-3);
            Assert.Equal(Slope(row, c, shifted => SoftLoss(shifted, target, 0.2, weights)), soft[c], 1e-3);
        }
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void LossAndGradient_InPlace_AreTheSame()
    {
        float[] scores = [1f, -2f, 0.5f], target = [0.2f, 0.3f, 0.5f], gradient = new float[3];
        foreach (var smoothing in (float[])[0f, 0.1f])
        {
            var inPlace = scores.ToArray();
            var loss = CrossEntropy.LossAndGradient(scores, 1, gradient, new CrossEntropyOptions { LabelSmoothing = smoothing });
            Assert.Equal(loss, CrossEntropy.LossAndGradient(inPlace, 1, inPlace, new CrossEntropyOptions { LabelSmoothing = smoothing }));
            Assert.Equal(gradient, inPlace);
        }

        var soft = scores.ToArray();
        var expected = CrossEntropy.SoftTargetLossAndGradient(scores, target, gradient);
        Assert.Equal(expected, CrossEntropy.SoftTargetLossAndGradient(soft, target, soft));
        Assert.Equal(gradient, soft);
    }

    [Fact]
    public void Loss_ImpossibleClass_IsInfiniteWithATargetAndCostsNothingWithoutOne()
    {
        Assert.Equal(float.PositiveInfinity, CrossEntropy.Loss([0f, float.NegativeInfinity], 1));
        Assert.Equal(0f, CrossEntropy.Loss([0f, float.NegativeInfinity], 0));
        Assert.Equal(0f, CrossEntropy.SoftTargetLoss([0f, float.NegativeInfinity], [1f, 0f]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void LossAndGradient_RowWithoutSoftmax_AreNaN(float special)
    {
        var gradient = new float[2];
        Assert.True(float.IsNaN(CrossEntropy.LossAndGradient([0f, special], 0, gradient)));
        Assert.All(gradient, value => Assert.True(float.IsNaN(value)));
        Assert.True(float.IsNaN(CrossEntropy.SoftTargetLoss([0f, special], [0f, 0f])));
    }

    [Fact]
    public void Loss_HugeScores_KeepsTheirDifference()
        => Assert.Equal(Math.Log(2), CrossEntropy.Loss([3e38f, 3e38f], 0), 1e-7);

    [Fact]
    public void LossAndGradient_IgnoredLabel_AreZero()
    {
        float[] gradient = [9f, 9f];
        var options = new CrossEntropyOptions { IgnoredLabel = -100 };
        Assert.Equal(0f, CrossEntropy.LossAndGradient([1f, 2f], -100, gradient, options));
        Assert.Equal([0f, 0f], gradient);
        Assert.Equal(0f, CrossEntropy.Loss([1f, 2f], -100, options));
        Assert.Equal(0f, CrossEntropy.Loss([], -100, options));
    }

    [Fact]
    public void Rows_Labels_SumTheRowsAndDivideByTheirWeights()
    {
        float[] scores = [1f, 2f, 3f, 0f, 0f, 0f, 3f, 1f, 2f], weights = [1f, 2f, 0.5f], gradient = new float[9];
        int[] labels = [2, -100, 1];
        var options = new CrossEntropyOptions { ClassWeights = weights, LabelSmoothing = 0.1f, IgnoredLabel = -100 };
        var expected = CrossEntropy.Loss(scores.AsSpan(0, 3), 2, options) + CrossEntropy.Loss(scores.AsSpan(6, 3), 1, options);
        var total = CrossEntropy.Rows(scores, 3, labels, options);
        Assert.Equal(expected, total.Loss, 1e-6);
        Assert.Equal((2.5, 2L), (total.Weight, total.Rows));
        Assert.Equal(expected / 2.5, total.Mean, 1e-6);
        Assert.Equal(total, CrossEntropy.RowsWithGradient(scores, 3, labels, gradient, options));
        Assert.Equal([0f, 0f, 0f], gradient[3..6]);
        var row = new float[3];
        CrossEntropy.LossAndGradient(scores.AsSpan(6, 3), 1, row, options);
        Assert.Equal(row, gradient[6..]);
    }

    [Fact]
    public void Rows_SoftTargets_SumTheRowsAndDivideByTheirNumber()
    {
        float[] scores = [1f, 2f, 3f, 1f], targets = [0.25f, 0.75f, 1f, 0f], gradient = new float[4];
        var total = CrossEntropy.SoftTargetRows(scores, 2, targets);
        var (first, second) = (CrossEntropy.SoftTargetLoss(scores.AsSpan(0, 2), targets.AsSpan(0, 2)),
            CrossEntropy.SoftTargetLoss(scores.AsSpan(2), targets.AsSpan(2)));
        Assert.Equal(first + second, total.Loss, 1e-6);
        Assert.Equal((2.0, 2L), (total.Weight, total.Rows));
        Assert.Equal(total, CrossEntropy.SoftTargetRowsWithGradient(scores, 2, targets, gradient));
        Assert.Equal(total + total, CrossEntropyTotal.Add(total, total));
    }

    [Theory]
    [MemberData(nameof(AllPaths))]
    public void Rows_ManyRowsOfEveryShape_AgreeWithTheDefinition(string path)
    {
        var kernels = Paths.Named(path);
        var random = new Random(8);
        foreach (var classCount in (int[])[1, 2, 3, 5, 8, 10, 16, 33, 64, 100, 300])
        {
            var scores = RowKinds.Mixed(random, 600, classCount);
            var labels = Enumerable.Range(0, 600).Select(_ => random.Next(classCount)).ToArray();
            var weights = Enumerable.Range(0, classCount).Select(_ => (float)random.NextDouble()).ToArray();
            foreach (var smoothing in (float[])[0f, 0.1f])
            {
                CrossEntropyOptions Options() => new() { LabelSmoothing = smoothing, ClassWeights = weights };
                var (loss, gradient) = Expected(scores, classCount, labels, smoothing, weights);
                var actual = new float[scores.Length];
                var total = CrossEntropyBatch.Run(kernels, scores, classCount, labels, [], Options(), 1);
                Assert.Equal(loss, total.Loss, Math.Abs(loss) * 1e-6);
                Assert.Equal(labels.Sum(label => (double)weights[label]), total.Weight, 1e-9);
                Assert.Equal(total.Loss, CrossEntropyBatch.Run(kernels, scores, classCount, labels, actual, Options(), 1).Loss,
                    Math.Abs(loss) * 1e-9);
                Compare.RelativeOrAbsolute(gradient, actual, 1e-6);
            }
        }
    }

    [Fact]
    public void Rows_AnyDegreeOfParallelism_IsTheSameToTheBit()
    {
        var random = new Random(4);
        foreach (var classCount in (int[])[2, 10, 300])
        {
            var scores = RowKinds.Mixed(random, 600_000 / classCount, classCount);
            var labels = Enumerable.Range(0, 600_000 / classCount).Select(_ => random.Next(classCount)).ToArray();
            float[] single = new float[scores.Length], several = new float[scores.Length];
            var total = CrossEntropy.RowsWithGradient(scores, classCount, labels, single);
            Assert.Equal(total, CrossEntropy.RowsWithGradient(scores, classCount, labels, several, default, maxDegreeOfParallelism: 3));
            Assert.Equal(CrossEntropy.Rows(scores, classCount, labels),
                CrossEntropy.Rows(scores, classCount, labels, default, maxDegreeOfParallelism: -1));
            Assert.Equal(single, several);
        }
    }

    [Fact]
    public void Rows_UnknownLabelAnywhere_IsRefusedAndTheIgnoredOneIsNot()
    {
        for (var rowCount = 1; rowCount <= 40; rowCount++)
        {
            for (var bad = 0; bad < rowCount; bad++)
            {
                foreach (var label in (int[])[-1, 3, int.MaxValue])
                {
                    var labels = Enumerable.Repeat(2, rowCount).ToArray();
                    labels[bad] = label;
                    var scores = new float[3 * rowCount];
                    var error = Assert.Throws<ArgumentOutOfRangeException>("label", () => CrossEntropy.Rows(scores, 3, labels));
                    Assert.Equal(label, error.ActualValue);
                    Assert.Equal(rowCount - 1, CrossEntropy.Rows(scores, 3, labels, new() { IgnoredLabel = label }).Rows);
                }
            }
        }
    }

    /// <summary>More rows than a block has, so that labels, weights and targets of later blocks count too.</summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Rows_OfSeveralBlocks_AreTheirRowsAlone(float smoothing)
    {
        const int RowCount = 2_500, ClassCount = 3;
        var random = new Random(6);
        var scores = RowKinds.Mixed(random, RowCount, ClassCount);
        var targets = scores.Select(_ => random.NextSingle()).ToArray();
        var labels = Enumerable.Range(0, RowCount).Select(_ => random.Next(4) - 1).ToArray();
        float[] weights = [0.5f, 2, 0], gradient = new float[scores.Length], soft = new float[scores.Length], row = new float[ClassCount];
        var options = new CrossEntropyOptions { LabelSmoothing = smoothing, ClassWeights = weights, IgnoredLabel = -1 };
        var total = CrossEntropy.RowsWithGradient(scores, ClassCount, labels, gradient, options);
        var softTotal = CrossEntropy.SoftTargetRowsWithGradient(scores, ClassCount, targets, soft, options);

        var (sum, softSum) = (0.0, 0.0);
        for (var start = 0; start < scores.Length; start += ClassCount)
        {
            var own = scores.AsSpan(start, ClassCount);
            sum += CrossEntropy.LossAndGradient(own, labels[start / ClassCount], row, options);
            Compare.RelativeOrAbsolute(Array.ConvertAll(row, value => (double)value), gradient.AsSpan(start, ClassCount), 1e-6);
            softSum += CrossEntropy.SoftTargetLossAndGradient(own, targets.AsSpan(start, ClassCount), row, options);
            Compare.RelativeOrAbsolute(Array.ConvertAll(row, value => (double)value), soft.AsSpan(start, ClassCount), 1e-6);
        }

        Assert.Equal(sum, total.Loss, 1e-6 * sum);
        Assert.Equal((labels.Sum(label => label < 0 ? 0.0 : weights[label]), labels.LongCount(label => label >= 0)),
            (total.Weight, total.Rows));
        Assert.Equal(softSum, softTotal.Loss, 1e-6 * softSum);
        Assert.Equal((RowCount, RowCount), (softTotal.Weight, softTotal.Rows));
    }

    private static (double Loss, double[] Gradient) Expected(float[] scores, int classCount, int[] labels, float smoothing, float[] weights)
    {
        var loss = 0.0;
        var gradient = new double[scores.Length];
        for (var row = 0; row < labels.Length; row++)
        {
            var logProbabilities = Naive.LogSoftmax(scores.AsSpan(row * classCount, classCount));
            var targets = Enumerable.Range(0, classCount)
                .Select(c => weights[c] * ((c == labels[row] ? 1.0 - smoothing : 0) + (smoothing / (double)classCount))).ToArray();
            for (var c = 0; c < classCount; c++)
            {
                loss -= targets[c] * logProbabilities[c];
                gradient[(row * classCount) + c] = (Math.Exp(logProbabilities[c]) * targets.Sum()) - targets[c];
            }
        }

        return (loss, gradient);
    }

    private static Arbitrary<float[]> FiniteRows => Arb.From(
        from length in Gen.Choose(1, 40)
        from row in Gen.Choose(-4000, 4000).Select(value => value / 200f).ArrayOf(length)
        select row);

    private static double Slope(float[] row, int index, Func<double[], double> loss)
    {
        const double Step = 1e-4;
        var above = row.Select((value, i) => value + (i == index ? Step : 0)).ToArray();
        var below = row.Select((value, i) => value - (i == index ? Step : 0)).ToArray();
        return (loss(above) - loss(below)) / (2 * Step);
    }

    private static double Loss(double[] scores, int label, double smoothing, float[] weights)
        => ((1 - smoothing) * weights[label] * Cost(scores, label))
        + scores.Select((_, c) => smoothing / scores.Length * weights[c] * Cost(scores, c)).Sum();

    private static double SoftLoss(double[] scores, float[] target, double smoothing, float[] weights)
        => scores.Select((_, c) => weights[c] * (((1 - smoothing) * target[c]) + (smoothing / scores.Length)) * Cost(scores, c)).Sum();

    private static double Cost(double[] scores, int c) => Math.Log(scores.Sum(score => Math.Exp(score - scores[c])));
}
