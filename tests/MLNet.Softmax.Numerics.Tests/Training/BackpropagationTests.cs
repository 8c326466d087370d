namespace MLNet.Softmax.Numerics.Tests.Training;

public class BackpropagationTests
{
    [Theory]
    [InlineData(new[] { 3, 4 }, 0, 0, false, false)]
    [InlineData(new[] { 1, 2 }, 0, 0, false, false)]
    [InlineData(new[] { 5, 7, 3 }, 0, 0, false, false)]
    [InlineData(new[] { 5, 7, 3 }, 0.3, 0, false, false)]
    [InlineData(new[] { 5, 7, 3 }, 0, 0.2, false, false)]
    [InlineData(new[] { 5, 7, 3 }, 0.1, 0.1, true, false)]
    [InlineData(new[] { 9, 8, 17, 4, 5 }, 0.05, 0.1, true, false)]
    [InlineData(new[] { 3, 4 }, 0, 0, false, true)]
    [InlineData(new[] { 5, 7, 3 }, 0.1, 0.2, true, true)]
    public void Gradient_OfEveryParameter_IsTheFiniteDifference(
        int[] unitCounts, double l2, double smoothing, bool classWeights, bool rowWeights)
    {
        var random = new Random(7);
        var shape = new NetworkShape(unitCounts);
        var parameters = Numbers(random, shape.ParameterCount, 1);
        var rows = Rows(random, 11, unitCounts[0], unitCounts[^1]);
        if (rowWeights)
            rows = rows with { Weights = [.. Enumerable.Range(0, rows.Count).Select(row => row % 4 == 3 ? 0 : 3 * random.NextSingle())] };
        float[] weights = classWeights ? [.. Enumerable.Range(0, unitCounts[^1]).Select(label => 0.5f + label)] : [];
        var objective = new TrainingObjective((float)l2, (float)smoothing, weights);
        int[] batch = [.. Enumerable.Range(0, rows.Count)];
        var gradient = Numbers(random, shape.ParameterCount, 1);

        var loss = new Backpropagation(shape, objective, batch.Length).Compute(parameters, rows, batch, gradient);

        var oracleWeights = classWeights ? weights : [.. Enumerable.Repeat(1f, unitCounts[^1])];
        double Objective(double[] at) =>
            NaivePerceptron.Objective(unitCounts, at, rows, (float)l2, (float)smoothing, oracleWeights);
        var point = Array.ConvertAll(parameters, value => (double)value);
        Assert.Equal(Objective(point), loss, 5e-6 * (1 + Math.Abs(loss)));
        for (var index = 0; index < point.Length; index++)
        {
            const double step = 1e-6;
            var (up, down) = ((double[])point.Clone(), (double[])point.Clone());
            up[index] += step;
            down[index] -= step;
            var slope = (Objective(up) - Objective(down)) / (2 * step);
            Assert.Equal(slope, gradient[index], 2e-5 * (1 + Math.Abs(slope)));
        }
    }

    [Fact]
    public void Compute_BatchOfSomeRows_IgnoresTheOthers()
    {
        var random = new Random(3);
        var shape = new NetworkShape(4, 6, 3);
        var parameters = Numbers(random, shape.ParameterCount, 1);
        var rows = Rows(random, 10, 4, 3);
        int[] batch = [7, 2, 2];
        var (some, all) = (new float[shape.ParameterCount], new float[shape.ParameterCount]);
        var backpropagation = new Backpropagation(shape, TrainingObjective.Plain, 10);

        backpropagation.Compute(parameters, rows, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], new float[shape.ParameterCount]);
        var loss = backpropagation.Compute(parameters, rows, batch, some);
        var alone = new Backpropagation(shape, TrainingObjective.Plain, 3).Compute(parameters, rows.Select(batch), [0, 1, 2], all);

        Assert.Equal(alone, loss);
        Assert.Equal(all, some);
    }

    [Fact]
    public void Compute_MoreRowsThanTheBatchSize_IsRefused()
    {
        var shape = new NetworkShape(1, 2);
        var backpropagation = new Backpropagation(shape, TrainingObjective.Plain, 2);
        var rows = new LabelledRows([[1f], [2f], [3f]], [0, 1, 0]);

        backpropagation.Compute(new float[4], rows, [0, 1], new float[4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => backpropagation.Compute(new float[4], rows, [0, 1, 2], new float[4]));
    }

    [Fact]
    public void Compute_RowOfWeightZeroWhoseLossIsInfinite_AddsNothing()
    {
        // Its scores are 0 and -infinity, and the label is the second class.
        var shape = new NetworkShape(1, 2);
        var rows = new LabelledRows([[1e-38f], [10f]], [0, 1], [2, 0]);
        var gradient = new float[4];
        var loss = new Backpropagation(shape, TrainingObjective.Plain, 2).Compute([0, -3e38f, 0, 0], rows, [0, 1], gradient);

        Assert.Equal(Math.Log(1 + Math.Exp(-3)), loss, 1e-6);
        Assert.All(gradient, slope => Assert.True(float.IsFinite(slope)));
    }

    [Fact]
    public void Compute_WholeWeights_AreRepetitions()
    {
        var random = new Random(4);
        var shape = new NetworkShape(4, 6, 3);
        var parameters = Numbers(random, shape.ParameterCount, 1);
        var rows = Rows(random, 6, 4, 3);
        int[] repeated = [0, 0, 0, 1, 3, 3, 5];
        var objective = new TrainingObjective(0.1f, 0.2f, [1f, 2f, 0.5f]);
        var (weighted, expected) = (new float[shape.ParameterCount], new float[shape.ParameterCount]);

        var loss = new Backpropagation(shape, objective, 6)
            .Compute(parameters, rows with { Weights = [3f, 1f, 0f, 2f, 0f, 1f] }, [0, 1, 2, 3, 4, 5], weighted);
        var expectedLoss = new Backpropagation(shape, objective, 7).Compute(parameters, rows, repeated, expected);

        Assert.Equal(expectedLoss, loss, 1e-6);
        for (var index = 0; index < expected.Length; index++)
            Assert.Equal(expected[index], weighted[index], 1e-6f);
    }

    [Theory]
    [InlineData(0f, null)]
    [InlineData(1f, 0f)]
    public void Compute_BatchWithoutWeight_HasNoGradient(float classWeight, float? rowWeight)
    {
        var shape = new NetworkShape(2, 2);
        var rows = new LabelledRows([[1f, 2f]], [1], rowWeight is { } weight ? [weight] : null);
        var gradient = new float[shape.ParameterCount];

        var loss = new Backpropagation(shape, new TrainingObjective(0, 0, [1f, classWeight]), 1)
            .Compute(new float[shape.ParameterCount], rows, [0], gradient);

        Assert.Equal(0, loss);
        Assert.All(gradient, slope => Assert.Equal(0f, slope));
    }

    private static float[] Numbers(Random random, int count, double scale) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble() - 1) * scale))];

    private static LabelledRows Rows(Random random, int count, int featureCount, int classCount) => new(
        [.. Enumerable.Range(0, count).Select(_ => Numbers(random, featureCount, 2))],
        [.. Enumerable.Range(0, count).Select(row => row % classCount)]);
}

/// <summary>The perceptron's objective written out in double precision, one number at a time: the oracle for the fast one.</summary>
internal static class NaivePerceptron
{
    public static double[] Logits(int[] unitCounts, double[] parameters, float[] features)
    {
        var values = features.Select(feature => (double)feature).ToArray();
        var offset = 0;
        for (var layer = 0; layer < unitCounts.Length - 1; layer++)
        {
            var (inputs, outputs) = (unitCounts[layer], unitCounts[layer + 1]);
            var next = new double[outputs];
            for (var output = 0; output < outputs; output++)
            {
                next[output] = parameters[offset + inputs * outputs + output];
                for (var input = 0; input < inputs; input++)
                    next[output] += parameters[offset + input * outputs + output] * values[input];
                if (layer < unitCounts.Length - 2)
                    next[output] = Math.Max(0, next[output]);
            }

            offset += (inputs + 1) * outputs;
            values = next;
        }

        return values;
    }

    public static double Objective(
        int[] unitCounts, double[] parameters, LabelledRows rows, double l2, double smoothing, float[] classWeights)
    {
        double loss = 0, weight = 0;
        for (var row = 0; row < rows.Labels.Count; row++)
        {
            var rowWeight = rows.Weights is null ? 1.0 : rows.Weights[row];
            var logits = Logits(unitCounts, parameters, rows.Features[row]);
            var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit - logits.Max()))) + logits.Max();
            for (var label = 0; label < logits.Length; label++)
            {
                var target = smoothing / logits.Length + (label == rows.Labels[row] ? 1 - smoothing : 0);
                loss -= rowWeight * target * classWeights[label] * (logits[label] - logSum);
            }

            weight += rowWeight * classWeights[rows.Labels[row]];
        }

        double squares = 0;
        var offset = 0;
        for (var layer = 0; layer < unitCounts.Length - 1; layer++)
        {
            var weights = unitCounts[layer] * unitCounts[layer + 1];
            squares += parameters[offset..(offset + weights)].Sum(value => value * value);
            offset += weights + unitCounts[layer + 1];
        }

        return loss / weight + l2 / 2 * squares;
    }
}
