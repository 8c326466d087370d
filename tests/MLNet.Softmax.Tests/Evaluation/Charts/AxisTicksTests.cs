using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

public class AxisTicksTests
{
    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0.875, 1, new[] { 0.875, 0.9, 0.925, 0.95, 0.975, 1 })]
    [InlineData(0, 0.0913, new[] { 0, 0.02, 0.04, 0.06, 0.08 })]
    [InlineData(-30, 70, new double[] { -20, 0, 20, 40, 60 })]
    [InlineData(0, 3.4e8, new[] { 0, 1e8, 2e8, 3e8 })]
    public void Within_GivesRoundValues(double start, double end, double[] expected)
    {
        var ticks = AxisTicks.Within(start, end);
        Assert.Equal(expected.Length, ticks.Values.Count);
        Assert.All(expected.Zip(ticks.Values), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-9 * Math.Abs(end - start)));
    }

    [Theory]
    [InlineData(double.NaN, 1, 0)]
    [InlineData(0, double.PositiveInfinity, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(3, 1, 1)]
    public void Within_DegenerateDomain_HasNoMoreThanItsStart(double start, double end, int count) =>
        Assert.Equal(count, AxisTicks.Within(start, end).Values.Count);

    [Fact]
    public void RoundDomain_HoldsBothEnds_AndIsLessThanAStepWider()
    {
        var random = new Random(5);
        for (int i = 0; i < 1000; i++)
        {
            double start = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 7));
            double end = start + random.NextDouble() * Math.Pow(10, random.Next(-6, 7));
            var (roundStart, roundEnd) = AxisTicks.RoundDomain(start, end);
            double slack = 1e-6 * (end - start), step = AxisTicks.Within(start, end).Step;
            Assert.InRange(start, roundStart - slack, roundStart + step + slack);
            Assert.InRange(end, roundEnd - step - slack, roundEnd + slack);
        }
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, 0)]
    public void RoundDomain_DegenerateDomain_IsZeroToOne(double start, double end) =>
        Assert.Equal((0, 1), AxisTicks.RoundDomain(start, end));

    [Fact]
    public void Scale_MapsEndsToEnds_ClampsOutside_AndKeepsNaN()
    {
        var scale = new PlotArea(10, 20, 110, 220).Vertical(0, 2);
        Assert.Equal([220, 120, 20, 20, 220], [scale[0], scale[1], scale[2], scale[5], scale[-1]]);
        Assert.True(double.IsNaN(scale[double.NaN]));
    }
}
