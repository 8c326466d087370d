using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

public class LinePathTests
{
    [Fact]
    public void Through_APointThatIsNotFinite_LeavesAGap() => Assert.Equal(
        "M0 1L1 2M3 4M6 7",
        LinePath.Through([(0, 1), (1, 2), (2, double.NaN), (3, 4), (double.PositiveInfinity, 5), (6, 7)]));

    [Fact]
    public void Thin_OfFourPointsWithinHalfAUnit_KeepsAll() => Thins([(0, 1), (0.1, 2), (0.2, 1.5), (0.4, 1.75)], 0, 1, 2, 3);

    [Fact]
    public void Thin_OfMore_KeepsTheFirstTheLowestTheHighestAndTheLastInTheirOrder()
    {
        Thins([(0, 2), (0.1, 3), (0.2, 9), (0.3, 5), (0.35, 1), (0.4, 4)], 0, 2, 4, 5);
        Thins([(0, 2), (0.1, 1), (0.2, 3), (0.3, 9), (0.4, 4)], 0, 1, 3, 4);
        Thins([(0, 1), (0.1, 2), (0.2, 3), (0.3, 4), (0.4, 5)], 0, 4);
        // The first of equal ones.
        Thins([(0, 2), (0.1, 1), (0.2, 1), (0.3, 3), (0.35, 3), (0.4, 2)], 0, 1, 3, 5);
    }

    [Fact]
    public void Thin_BeginsAgainAfterHalfAUnit()
    {
        Thins([(0, 1), (0.1, 2), (0.2, 3), (0.3, 4), (0.49, 5), (0.5, 6), (0.75, 7), (1, 8), (1.25, 9), (1.5, 10)], 0, 4, 5, 6, 7, 8, 9);
        Assert.Empty(LinePath.Thin([]));
    }

    [Fact]
    public void Thin_OfManyPoints_KeepsEndsAndExtremes()
    {
        var points = Enumerable.Range(0, 10_000)
            .Select(i => (X: i / 1000.0, Y: i == 5003 ? 99.0 : i == 7001 ? -99.0 : Math.Sin(i))).ToArray();
        var thin = LinePath.Thin(points).ToArray();
        Assert.InRange(thin.Length, 20, 84);
        Assert.Equal((points[0], points[^1]), (thin[0], thin[^1]));
        Assert.Equal((99.0, -99.0), (thin.Max(point => point.Y), thin.Min(point => point.Y)));
    }

    private static void Thins((double X, double Y)[] points, params int[] kept) =>
        Assert.Equal(kept.Select(index => points[index]), LinePath.Thin(points));
}
