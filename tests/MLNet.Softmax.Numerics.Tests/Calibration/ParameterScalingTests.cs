namespace MLNet.Softmax.Numerics.Tests.Calibration;

public sealed class ParameterScalingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ToLogits_OfFromLogits_IsTheSameAndTheGradientFollows(bool full)
    {
        var scaling = new ParameterScaling([3, -40, 0.5], [2, 7, 0.1], full);
        var random = new Random(3);
        double[] parameters = [.. Enumerable.Range(0, full ? 12 : 6).Select(_ => random.NextDouble() - 0.5)];
        var standardised = scaling.FromLogits(parameters);
        var back = new double[parameters.Length];
        scaling.ToLogits(standardised, back);
        for (var i = 0; i < back.Length; i++)
            Assert.Equal(parameters[i], back[i], 1e-12);

        double Value(double[] at)
        {
            scaling.ToLogits(at, back);
            return back.Select((x, i) => (i + 1) * x * x).Sum();
        }
        var gradient = parameters.Select((x, i) => 2 * (i + 1) * x).ToArray();
        scaling.Gradient(gradient);
        for (var i = 0; i < gradient.Length; i++)
        {
            var (above, below) = ((double[])standardised.Clone(), (double[])standardised.Clone());
            above[i] += 1e-5;
            below[i] -= 1e-5;
            Assert.Equal((Value(above) - Value(below)) / 2e-5, gradient[i], 1e-5 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }
}
