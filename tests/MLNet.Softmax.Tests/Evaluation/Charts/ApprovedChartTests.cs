using System.Globalization;
using System.Text;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

/// <summary>Whole drawings, each shape on a line, of figures that are easy to follow: usual ones, and those where a rule changes.</summary>
public class ApprovedChartTests
{
    private static readonly ConfidenceInterval NoInterval = new(double.NaN, double.NaN, 0.95);

    [Fact]
    public void ReliabilityDiagrams() => Approve(
        "reliability-diagrams",
        ("usual, with an empty bin, one of NaN, one without an interval and one of few rows", new ReliabilityDiagram(
        [
            new(0, 0.2, 40, 0.1, 0.25, new(0.125, 0.5, 0.95)), new(0.2, 0.4, 0, 0.3, 0.3, new(0.1, 0.5, 0.95)),
            new(0.4, 0.6, 20, 0.5, 0.75, NoInterval), new(0.6, 0.8, 8, double.NaN, 0.5, NoInterval),
            new(0.8, 1, 0.2, 0.875, 0.5, new(0.25, 0.625, 0.95)),
        ])),
        ("16 bins, with counts", new ReliabilityDiagram(Bins(16))),
        ("17 bins, without counts", new ReliabilityDiagram(Bins(17))),
        ("bins narrower than their gaps", new ReliabilityDiagram(
            [.. Bins(200).Skip(99).Take(2), new(0.75, 0.7575, 4, 0.7525, 0.5, NoInterval)])),
        ("none", new ReliabilityDiagram(Array.Empty<ReliabilityBin>())));

    [Fact]
    public void RiskCoverageCurves() => Approve(
        "risk-coverage-curves",
        ("usual, in any order, with points that are not finite", new RiskCoverageCurve(
        [
            new(0.5, 1, 0.3), new(0.9, 0.25, 0.05), new(0.8, 0.5, 0.1), new(0.7, double.NaN, 0.1), new(0.65, 0.8, 0.2),
            new(0.6, 0.9, double.PositiveInfinity), new(0.55, 0.95, 0.25),
        ])),
        ("figures that would overlap", new RiskCoverageCurve([new(0.9, 0.8, 0.25), new(0.8, 0.9, 0.2127), new(0.6, 1, 0.2)])),
        ("figures that just do not overlap", new RiskCoverageCurve([new(0.9, 0.8, 0.25), new(0.8, 0.9, 0.2139), new(0.6, 1, 0.2)])),
        ("figures beside each other", new RiskCoverageCurve([new(0.9, 0.5, 0.2), new(0.8, 0.898, 0.2), new(0.6, 1, 0.2)])),
        ("highest at the top of the plot", new RiskCoverageCurve([new(0.9, 0.5, 1), new(0.6, 1, 0.5)])),
        ("no mistakes", new RiskCoverageCurve([new(0.9, 0.5, 0), new(0.6, 1, 0)])),
        ("one point", new RiskCoverageCurve([new(0.999, 0.7, 0.4)])),
        ("none", new RiskCoverageCurve(Array.Empty<RiskCoveragePoint>())));

    [Fact]
    public void TopKCurves() => Approve(
        "top-k-curves",
        ("usual, with a gap", new TopKCurve([0.5, double.NaN, 0.75, 0.8])),
        ("6, with figures", new TopKCurve([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])),
        ("7, without figures", new TopKCurve([0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96])),
        ("10, each with a tick", new TopKCurve(Rising(10))),
        ("11, every fifth with a tick", new TopKCurve(Rising(11))),
        ("21, of which 20 are shown", new TopKCurve(Rising(21))),
        ("certain", new TopKCurve([1, 1])),
        ("one that is always wrong", new TopKCurve([0])),
        ("undefined", new TopKCurve([double.NaN, double.NaN])),
        ("none", new TopKCurve([])));

    [Fact]
    public void DecisionCurves()
    {
        ThresholdPoint[] points =
            [new(0, 0.25, 1, 1, 3), new(0.4f, 0.5, 0.75, 0.5, 1.25), new(0.6f, 0.75, 0.5, 0.25, 0.5), new(1, double.NaN, 0, 0, 0.75)];
        ThresholdFit Fit(int? positive, float threshold, params ThresholdPoint[] curve) =>
            new(ThresholdGoal.FBeta(), positive, threshold, default, default, null, 4, RowsLeftOut.None, [.. curve]);
        Approve(
            "decision-curves",
            ("of one class", new DecisionCurve(Fit(1, 0.6f, points))),
            ("of the most probable class, between two points", new DecisionCurve(Fit(null, 0.5f, points))),
            ("at an undefined figure", new DecisionCurve(Fit(null, 1, points))),
            ("above the last point", new DecisionCurve(Fit(0, 0.9f, points[..3]))),
            ("costs", DecisionCurve.OfCost(Fit(1, 0.6f, points))),
            ("costs that are undefined", DecisionCurve.OfCost(Fit(1, 0.5f, new ThresholdPoint(0.5f, 1, 1, 1, double.NaN)))),
            ("without a threshold", new DecisionCurve(points, null)),
            ("of rows", new DecisionCurve([0.25f, 0.75f, 0.5f], [false, true, true], 0.5f)),
            ("none", new DecisionCurve([], 0.5f)));
    }

    [Fact]
    public void ConfusionHeatMaps() => Approve(
        "confusion-heat-maps",
        ("two classes, with shares", new ConfusionHeatMap(new double[,] { { 9, 3 }, { 0, 0.5 } }, ["cat", "dog"])),
        ("names that stand upright, and a class without rows", new ConfusionHeatMap(
            new double[,] { { 1500, 500, 0 }, { 2, 97, 1 }, { 0, 0, 0 } }, ["short", "a name that is longer than its cell", "none"])),
        ("eight classes, without shares", new ConfusionHeatMap(Near(8), Names(8, "class"))),
        ("14 classes, without counts", new ConfusionHeatMap(Near(14), Names(14, "class"))),
        ("34 classes, whose cells still show what is right", new ConfusionHeatMap(Near(34), Names(34, "a name that is too long"))),
        ("35 classes, whose cells do not", new ConfusionHeatMap(Near(35), Names(35, "a name that is too long"))),
        ("51 classes, a path for each shade", new ConfusionHeatMap(Near(51), Names(51, ""))),
        ("nothing confused", new ConfusionHeatMap(new double[,] { { 2, 0 }, { 0, 3 } }, ["a", "b"])),
        ("one class", new ConfusionHeatMap(new double[,] { { 2 } }, ["only"])));

    [Fact]
    public void Bars() => Approve(
        "bars",
        ("usual", new HorizontalBars(
            "Worst classes", "Error", [("cat", 0.5), ("a name that is longer than its place", 0.125), ("NaN", double.NaN), ("zero", 0)])),
        ("zeros", new HorizontalBars("Worst classes", "Error", [("cat", 0), ("dog", 0)])),
        ("none", new HorizontalBars("Worst classes", "Error", [])));

    [Fact]
    public void Documents()
    {
        Chart Titled(string title, double width) => new TopKCurve([0.5]) { Title = title, Width = width, Theme = ChartTheme.Dark };
        Approve(
            "documents",
            ("usual", new TopKCurve([0.5])), ("wide, with a long title", Titled(string.Concat(Enumerable.Repeat("Title ", 20)), 800)),
            ("without a title", Titled("", 100)), ("light", new TopKCurve([0.5]) { Theme = ChartTheme.Light }));
    }

    [Theory]
    [InlineData(ChartTheme.Automatic)]
    [InlineData(ChartTheme.Light)]
    [InlineData(ChartTheme.Dark)]
    public void StyleSheets(ChartTheme theme) => ApprovedText.Check(
        $"MLNet.Softmax.Tests/Evaluation/Charts/Approved/style-sheet-{theme}", ChartStyle.DocumentSheet(theme));

    [Fact]
    public void HeatMapLayouts()
    {
        var text = new StringBuilder();
        int[] counts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 24, 25, 26, 34, 35, 50, 51, 80, 100];
        foreach (var name in (string[])["", "aa", "names", "namesname", "namesnames.", "nameSnames.a", "names that are much too long"])
        {
            foreach (var count in counts)
            {
                var layout = HeatMapLayout.For(Names(count, name));
                text.AppendLine(
                    CultureInfo.InvariantCulture, $"{count,3} x '{name}': left {layout.Left:0.###}, top {layout.Top:0.###}, cell "
                    + $"{layout.Cell:0.###}, bottom {layout.Bottom:0.###}, names {layout.RowNameRoom:0.###} and "
                    + $"{layout.ColumnNameRoom:0.###}, every {layout.NameStride}{(layout.AreColumnNamesLevel ? ", level" : "")}"
                    + $"{(layout.HasCounts ? ", counts" : "")}{(layout.HasShares ? ", shares" : "")}");
            }
        }

        ApprovedText.Check("MLNet.Softmax.Tests/Evaluation/Charts/Approved/heat-map-layouts", text.ToString());
    }

    private static ReliabilityBin[] Bins(int count) =>
    [
        .. Enumerable.Range(0, count).Select(bin => new ReliabilityBin(
            (double)bin / count, (bin + 1.0) / count, 1 + (bin % 4), (bin + 0.5) / count, 0.5, NoInterval)),
    ];

    private static double[] Rising(int count) => [.. Enumerable.Range(0, count).Select(k => 0.5 + (k / 64.0))];

    /// <summary>Each class is taken for itself, and less often for its neighbours.</summary>
    private static double[,] Near(int count)
    {
        var counts = new double[count, count];
        for (var actual = 0; actual < count; actual++)
        {
            counts[actual, actual] = 70 + actual;
            counts[actual, (actual + 1) % count] = actual % 4;
            counts[actual, (actual + count - 1) % count] = 5 * (actual % 3);
        }

        return counts;
    }

    private static string[] Names(int count, string start) => [.. Enumerable.Range(0, count).Select(index => $"{start}{index}")];

    private static void Approve(string name, params (string Case, Chart Chart)[] charts)
    {
        var text = new StringBuilder();
        foreach (var (one, chart) in charts)
            text.Append(CultureInfo.InvariantCulture, $"== {one} ==\n{MarkupText.Of(ChartAssert.Parse(chart))}\n");
        ApprovedText.Check($"MLNet.Softmax.Tests/Evaluation/Charts/Approved/{name}", text.ToString());
    }
}
