using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

public class ChartTests
{
    [Fact]
    public void ReliabilityDiagram_PlacesEachBinAtItsConfidenceAndAccuracy()
    {
        var svg = ChartAssert.Parse(new ReliabilityDiagram(
        [
            new(0.4, 0.6, 20, 0.5, 0.25, new(0.1, 0.5, 0.95)),
            new(0.6, 0.8, 0, double.NaN, double.NaN, new(double.NaN, double.NaN, 0.95)),
            new(0.8, 1, 2000, 1, 1, new(0.99, 1, 0.95)),
        ]));
        var points = svg.Shapes("circle", "point");
        Assert.Equal(2, points.Count);
        Assert.Equal([217, 384], points.Select(point => point.Number("cx")));
        Assert.Equal([196, 34], points.Select(point => point.Number("cy")));
        Assert.Equal(2, svg.Shapes("line", "gap").Count);
        Assert.Equal(6, svg.Shapes("line", "whisker").Count);
        Assert.Contains("20", svg.Texts());
        Assert.Contains("2k", svg.Texts());
    }

    [Fact]
    public void ReliabilityDiagram_SaysTheSameInWords()
    {
        var chart = new ReliabilityDiagram([new(0.4, 0.6, 1500, 0.5, 0.25, new(0.1, 0.5, 0.95))]);
        Assert.Equal(
            "1,500 rows by confidence. Confidence 40.0% to 60.0%, on average 50.0%: 25.0% right of 1,500. ", chart.Description);
    }

    [Fact]
    public void TopKCurve_AxisThatDoesNotStartAtZero_SaysSo()
    {
        var svg = ChartAssert.Parse(new TopKCurve([0.91, 0.97, 1]));
        Assert.Contains("The truth is among the first k (the axis starts at 87.5%)", svg.Texts());
        Assert.Equal(["91.0%", "97.0%", "100%"], svg.Shapes("text", "figure").Select(text => text.Value));
    }

    [Fact]
    public void RiskCoverageCurve_MarksHalfEightyNinetyAndAllRows()
    {
        var svg = ChartAssert.Parse(RiskCurve(coverage => 0.4 * coverage * coverage));
        Assert.Equal(["40.0%", "10.0%", "25.6%", "32.4%"], svg.Shapes("text", "figure").Select(text => text.Value));
    }

    [Fact]
    public void RiskCoverageCurve_FlatAtTheEnd_LeavesOutFiguresThatWouldOverlap()
    {
        var svg = ChartAssert.Parse(RiskCurve(coverage => 0.4 + coverage / 10_000));
        Assert.Equal(4, svg.Shapes("circle", "point").Count);
        Assert.Equal(["40.0%", "40.0%", "40.0%"], svg.Shapes("text", "figure").Select(text => text.Value));
    }

    private static RiskCoverageCurve RiskCurve(Func<double, double> risk) =>
        new([.. Enumerable.Range(1, 100).Select(i => new RiskCoveragePoint(1 - i / 200.0, i / 100.0, risk(i / 100.0)))]);

    [Fact]
    public void HorizontalBars_AreAsLongAsTheirValues()
    {
        var svg = ChartAssert.Parse(new HorizontalBars("Worst", "Error", [("cat", 0.08), ("dog", 0.02), ("none", double.NaN)]));
        var bars = svg.Shapes("rect", "bar");
        Assert.Equal(bars[0].Number("width") / 4, bars[1].Number("width"), tolerance: 0.02);
        Assert.Equal(0, bars[2].Number("width"));
    }

    [Fact]
    public void Chart_WithoutRows_SaysThatItIsEmpty()
    {
        Chart[] charts =
        [
            new ReliabilityDiagram(Array.Empty<ReliabilityBin>()), new TopKCurve([]),
            new RiskCoverageCurve(Array.Empty<RiskCoveragePoint>()),
            new HorizontalBars("Empty", "Error", []), new ConfusionHeatMap(new double[0, 0], []), new DecisionCurve([], null),
        ];
        Assert.All(charts, chart => Assert.Contains("No rows to show.", ChartAssert.Parse(chart).Texts()));
        Assert.All(charts, chart => Assert.Equal("No rows to show.", chart.Description));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Chart_WithFiguresThatAreNotFinite_StillDraws(double figure)
    {
        ChartAssert.Parse(new ReliabilityDiagram(
            [new(0, 1, 5, figure, figure, new(figure, figure, 0.95)), new(0, 1, 5, 0.5, 0.5, new(double.NaN, double.NaN, 0.95))]));
        ChartAssert.Parse(new TopKCurve([0.5, double.NaN, 1]));
        ChartAssert.Parse(new DecisionCurve([new(0.1f, figure, 1, 1, figure), new(0.5f, 0.5, figure, 0.5, 1)], 0.2f));
        ChartAssert.Parse(new RiskCoverageCurve([new(0.9, 0.5, figure), new(0.8, figure, 0.5), new(0.7, 1, 0.1)]));
        ChartAssert.Parse(new HorizontalBars("NaN", "Error", [("a", figure), ("b", 0.5)]));
    }
}
