namespace MLNet.Softmax.Numerics.Tests.Training;

public class AdamOptimizerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(37)]
    public void Step_ManyTimes_FollowsThePapersAlgorithmInDouble(int count)
    {
        const double rate = 0.01;
        var random = new Random(count);
        var optimizer = new AdamOptimizer(count, (float)rate);
        var parameters = new float[count];
        var expected = new double[count];
        var first = new double[count];
        var second = new double[count];

        for (var step = 1; step <= 50; step++)
        {
            float[] gradient = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.3))];
            optimizer.Step(gradient, parameters);
            for (var index = 0; index < count; index++)
            {
                first[index] = 0.9 * first[index] + 0.1 * gradient[index];
                second[index] = 0.999 * second[index] + 0.001 * gradient[index] * gradient[index];
                var meanGradient = first[index] / (1 - Math.Pow(0.9, step));
                var meanSquare = second[index] / (1 - Math.Pow(0.999, step));
                expected[index] -= rate * meanGradient / (Math.Sqrt(meanSquare) + 1e-8);
            }
        }

        for (var index = 0; index < count; index++)
            Assert.Equal(expected[index], parameters[index], 1e-4 * (0.01 + Math.Abs(expected[index])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    public void Step_GradientBelowEpsilon_MovesByItsShareOfBoth(int count)
    {
        // The first step's moments, corrected, are g and g^2: rate g / (g + 1e-8).
        float[] parameters = new float[count], gradient = [.. Enumerable.Repeat(1e-9f, count)];

        new AdamOptimizer(count, 0.11f).Step(gradient, parameters);

        Assert.All(parameters, parameter => Assert.Equal(-0.01f, parameter, 1e-6f));
    }

    [Fact]
    public void Step_ZeroGradient_LeavesTheParameters()
    {
        float[] parameters = [1f, -2f, 3f];

        new AdamOptimizer(3, 0.1f).Step(new float[3], parameters);

        Assert.Equal([1f, -2f, 3f], parameters);
    }
}
