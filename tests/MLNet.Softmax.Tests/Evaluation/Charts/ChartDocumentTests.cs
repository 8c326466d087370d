using System.Globalization;
using System.Xml.Linq;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Charts;
using MLNet.Softmax.Tests.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

/// <summary>Charts as drawings of their own: what a caller gets, from an evaluation or from arrays.</summary>
public sealed class ChartDocumentTests : IDisposable
{
    private static readonly float[] Confidences = [0.9f, 0.8f, 0.6f, 0.95f, 0.55f, 0.7f];
    private static readonly bool[] IsCorrect = [true, true, false, true, true, false];

    private static readonly ThresholdFit Costs = new(
        ThresholdGoal.MeanCost(1, 1), 1, 0.6f, Figure(0.3), Figure(0.12), null, 10, new(0, 0, 0, 0, 0),
        [new(0.2f, 0.5, 1, 1, 0.3), new(0.6f, 0.5, 0.5, 0.5, 0.12)]);

    private static FigureWithInterval Figure(double value) => new(value, new(value, value, 0.95));

    private readonly string _directory = Directory.CreateTempSubdirectory("charts-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>One of each, for tests that look at all of them.</summary>
    internal static Chart[] Every(ChartTheme theme, string? title = null)
    {
        var metrics = ReportSample.Evaluate(4);
        var (_, options) = DecisionSectionTests.Sample(new MLContext(1), ThresholdGoal.MeanCost(4, 1), "b");
        return
        [
            new ReliabilityDiagram(metrics) { Theme = theme, Title = title ?? "Reliability" },
            new ConfusionHeatMap(metrics) { Theme = theme, Title = title ?? "Confusion" },
            new RiskCoverageCurve(metrics) { Theme = theme, Title = title ?? "Risk" },
            new TopKCurve(metrics) { Theme = theme, Title = title ?? "Top-k" },
            new DecisionCurve(options.Threshold!) { Theme = theme, Title = title ?? "Decision" },
        ];
    }

    [Theory]
    [InlineData(ChartTheme.Automatic)]
    [InlineData(ChartTheme.Light)]
    [InlineData(ChartTheme.Dark)]
    public void Document_HasItsColoursWrittenOut_AndNeedsNothingElse(ChartTheme theme)
    {
        foreach (var chart in Every(theme))
        {
            string svg = chart.ToSvg();
            Assert.DoesNotContain("var(", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("softmax-report", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("url(", svg, StringComparison.Ordinal);
            Assert.Equal(theme == ChartTheme.Automatic, svg.Contains("light-dark(", StringComparison.Ordinal));
            Assert.Equal(theme != ChartTheme.Dark, svg.Contains("#57606a", StringComparison.Ordinal));
            Assert.Equal(theme != ChartTheme.Light, svg.Contains("#9ba5af", StringComparison.Ordinal));
            Assert.Equal(chart.Title, ChartAssert.Parse(chart).Shapes("text", "title").Single().Nodes().OfType<XText>().Single().Value);
        }
    }

    [Fact]
    public void Document_HasTheWidthAskedFor_AndKeepsItsProportions()
    {
        var chart = new TopKCurve([0.5, 0.75]) { Width = 800 };
        var svg = ChartAssert.Parse(chart);
        Assert.Equal((800, 640), (svg.Number("width"), svg.Number("height")));
        Assert.Equal("0 -30 400 320", (string?)svg.Attribute("viewBox"));
    }

    [Fact]
    public void Document_WithoutTitle_HasNoRoomForOne()
    {
        var svg = ChartAssert.Parse(new TopKCurve([0.5, 0.75]) { Title = "" });
        Assert.Equal("0 0 400 290", (string?)svg.Attribute("viewBox"));
        Assert.Empty(svg.Shapes("text", "title"));
    }

    [Fact]
    public void SaveSvg_WritesTheDocument_AndReplacesAFile()
    {
        string path = Path.Combine(_directory, "chart.svg");
        File.WriteAllText(path, "old");
        var chart = new TopKCurve([0.5, 0.75]);
        chart.SaveSvg(path);
        Assert.Equal(chart.ToSvg(), File.ReadAllText(path));
        Refusal.Of<ArgumentException>(() => chart.SaveSvg(_directory), "is a directory");
        Assert.Throws<DirectoryNotFoundException>(() => chart.SaveSvg(Path.Combine(_directory, "missing", "chart.svg")));
        Assert.ThrowsAny<ArgumentException>(() => chart.SaveSvg(""));
    }

    [Fact]
    public void ToString_SaysTheChartInWords() =>
        Assert.Equal(
            ["Top-k accuracy. top 1: 50.0%, top 2: 75.0%.", "top 1: 50.0%, top 2: 75.0%."],
            [new TopKCurve([0.5, 0.75]).ToString(), new TopKCurve([0.5, 0.75]) { Title = "" }.ToString()]);

    [Fact]
    public void Charts_KeepTheirOwnFigures()
    {
        double[,] counts = { { 8, 2 }, { 0, 10 } };
        string[] names = ["cat", "dog"];
        double[] accuracies = [0.5, 0.75];
        var (confidences, isCorrect) = (Confidences.ToArray(), IsCorrect.ToArray());
        ThresholdPoint[] thresholds = [.. Costs.Curve];
        RiskCoveragePoint[] points = [new(0.9, 0.5, 0.1), new(0.5, 1, 0.25)];
        ReliabilityBin[] bins = [new(0, 1, 2, 0.5, 0.5, new(0.25, 0.75, 0.95))];
        Chart[] charts =
        [
            new ConfusionHeatMap(counts, names), new TopKCurve(accuracies), new ReliabilityDiagram(confidences, isCorrect),
            new DecisionCurve(thresholds, 0.5f), new RiskCoverageCurve(points), new ReliabilityDiagram(bins),
        ];
        string[] before = [.. charts.Select(chart => chart.ToSvg())];
        (counts[0, 0], names[0], accuracies[0], confidences[0], isCorrect[0]) = (7, "emu", 0.25, 0.5f, false);
        (thresholds[0], points[0], bins[0]) = (default, default, default);
        Assert.Equal(before, charts.Select(chart => chart.ToSvg()));
    }

    [Fact]
    public void Points_StandWhereTheTicksOfTheAxesSay()
    {
        // All in the upper bin: mean confidence 0.75, 4 of 6 right.
        Reads(new ReliabilityDiagram(Confidences, IsCorrect, new BinLayout(2)), (0.75, 4 / 6.0));
        // Answered are the most confident half, then 80 % and 90 %, which are 5 and 6 of 6 rows, then all.
        Reads(new RiskCoverageCurve(Confidences, IsCorrect), (0.5, 0), (5 / 6.0, 0.4), (1, 2 / 6.0));
        Reads(new TopKCurve([0.91, 0.97, 1]), (1, 0.91), (2, 0.97), (3, 1));
        Reads(new DecisionCurve(Confidences, IsCorrect, 0.7f), (0.7, 4 / 6.0), (0.7, 0.75), (0.7, 0.75));
        Reads(DecisionCurve.OfCost(Costs), (0.6, 0.12));

        static void Reads(Chart chart, params (double X, double Y)[] expected)
        {
            var read = ChartAssert.Parse(chart).PointsAccordingToAxes();
            Assert.Equal(expected.Length, read.Length);
            Assert.All(expected.Zip(read), pair =>
            {
                Assert.Equal(pair.First.X, pair.Second.X, 1e-4);
                Assert.Equal(pair.First.Y, pair.Second.Y, 1e-4);
            });
        }
    }

    [Fact]
    public void DecisionCurve_OfCost_HasAnAxisUpToTheHighestCost()
    {
        var ticks = ChartAssert.Parse(DecisionCurve.OfCost(Costs)).Shapes("text", "tick");
        Assert.Equal(
            ["0.0", "0.1", "0.2", "0.3"],
            ticks.Where(tick => (string?)tick.Attribute("text-anchor") == "end").Select(tick => tick.Value));
    }

    [Fact]
    public void ReliabilityDiagram_BarsOfCounts_AreAsHighAsTheirShareOfTheFullestBin()
    {
        static double[] Heights(params float[] confidences) =>
        [
            .. ChartAssert.Parse(new ReliabilityDiagram(confidences, new bool[confidences.Length], new BinLayout(2))).Shapes("rect", "bar")
                .Select(bar => bar.Number("height")),
        ];
        double[] threeOfFour = Heights(0.2f, 0.9f, 0.9f, 0.9f), threeOfFive = Heights(0.2f, 0.2f, 0.9f, 0.9f, 0.9f);

        Assert.Equal(threeOfFour[1], threeOfFive[1]);
        Assert.Equal(threeOfFour[1] / 3, threeOfFour[0], 0.02);
        Assert.Equal(threeOfFour[1] * 2 / 3, threeOfFive[0], 0.02);
    }

    [Fact]
    public void HorizontalBars_AreAsLongAsTheirShareOfTheLargest()
    {
        static double[] Widths(double first, double second) =>
        [
            .. ChartAssert.Parse(new HorizontalBars("F1", "F1 of each class", [("cat", first), ("dog", second)])).Shapes("rect", "bar")
                .Select(bar => bar.Number("width")),
        ];

        Assert.Equal(Widths(1, 0.25), Widths(0.4, 0.1));
        Assert.Equal(Widths(1, 0.25)[0] / 4, Widths(1, 0.25)[1], 0.02);
        Assert.Equal([0.0, 0.0], Widths(0, 0));
    }

    [Fact]
    public void Charts_AtTheEdgesOfWhatTheyTake()
    {
        Assert.Throws<ArgumentNullException>("points", () => new RiskCoverageCurve((IEnumerable<RiskCoveragePoint>)null!));
        Assert.Equal(1, new TopKCurve([0.5]) { Width = 1 }.Width);
        var single = AxisTicks.Within(2, 2);
        Assert.Equal((1, 2), (single.Step, Assert.Single(single.Values)));
    }

    [Fact]
    public void TopKCurve_OfManyClasses_ShowsTheFirst20() =>
        Assert.EndsWith(", top 20: 100%.", new TopKCurve(Enumerable.Repeat(1.0, 25)).Description, StringComparison.Ordinal);

    [Fact]
    public void RiskCoverageCurve_OfArrays_EndsAtTheErrorRate()
    {
        var chart = new RiskCoverageCurve(Confidences, IsCorrect);
        Assert.StartsWith(
            "Share of wrong answers when only the most confident rows are answered: 33.33% at 100% of the rows", chart.Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public void DecisionCurve_OfArrays_HasPrecisionAndRecallAtTheThreshold()
    {
        // From 0.7 on: 4 rows, 3 of them positive; 4 positive rows in all.
        var chart = new DecisionCurve(Confidences, IsCorrect, 0.7f);
        Assert.Equal("At the threshold 0.7000: Precision 75.0%, Recall 75.0%, Coverage 66.7%.", chart.Description);
        Assert.Equal(3, ChartAssert.Parse(chart).Shapes("circle", "point").Count);
        Assert.Empty(ChartAssert.Parse(new DecisionCurve(Confidences, IsCorrect)).Shapes("circle", "point"));
    }

    [Fact]
    public void ConfusionHeatMap_OfAnEvaluation_IsThatOfItsCounts()
    {
        var metrics = ReportSample.Evaluate(3);
        var counts = new double[3, 3];
        for (int cell = 0; cell < 9; cell++)
            counts[cell / 3, cell % 3] = metrics.Confusion![cell / 3, cell % 3];
        Assert.Equal(new ConfusionHeatMap(counts, metrics.ClassNames).ToSvg(), new ConfusionHeatMap(metrics).ToSvg());
        Assert.Equal(
            new ConfusionHeatMap(metrics.Confusion!, metrics.ClassNames).ToSvg(), new ConfusionHeatMap(metrics).ToSvg());
    }

    [Fact]
    public void ConfusionHeatMap_OfMoreThanAHundredClasses_ShowsThoseWithTheMostMistakes()
    {
        var metrics = ReportSample.Evaluate(120);
        Assert.StartsWith("100 classes.", new ConfusionHeatMap(metrics).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void BadInput_IsRefused()
    {
        Refusal.Of<ArgumentException>(() => new ReliabilityDiagram([0.5f], [true, false]), "1 rows", "has 2");
        Refusal.Of<ArgumentException>(() => new ReliabilityDiagram([0.5f, 1.5f], [true, false]), "Row 1", "1.5", "0 to 1");
        Refusal.Of<ArgumentException>(() => new RiskCoverageCurve([float.NaN], [true]), "Row 0", "NaN");
        Refusal.Of<ArgumentException>(() => new DecisionCurve([-1f], [true]), "Row 0", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => new DecisionCurve([0.5f, 0.4f], [true, false], 2), "threshold", "2");
        Refusal.Of<InvalidOperationException>(() => new DecisionCurve([0.5f], [true]), "All of the 1 rows");
        Refusal.Of<ArgumentException>(() => new TopKCurve([0.5, 1.5]), "top-2", "1.5");
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(new double[2, 3], ["a", "b"]), "2 rows and 3 columns");
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(new double[2, 2], ["a"]), "1 names for 2 classes");
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(new double[1, 1], [null!]), "name is null");
        var table = ReportSample.Evaluate(2).Confusion!;
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(table, ["a"]), "There are 1 names for 2 classes. Give one for each.");
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(table, ["a", "b", "c"]), "There are 3 names for 2 classes.");
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(new[,] { { -1.0 } }, ["a"]), "[0, 0]", "-1");
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(new[,] { { double.NaN } }, ["a"]), "NaN");
        Refusal.Of<ArgumentException>(
            () => new ConfusionHeatMap(new[,] { { 0, double.PositiveInfinity }, { 0, 0 } }, ["a", "b"]), "[0, 1]", "Infinity");
        var withoutMatrix = ReportSample.Evaluate(3, options: new ProbabilityEvaluationOptions { LargestConfusionMatrix = 2 });
        Refusal.Of<ArgumentException>(() => new ConfusionHeatMap(withoutMatrix), "LargestConfusionMatrix");
        Assert.All([double.NaN, double.PositiveInfinity, 0, -1],
            width => Refusal.Of<ArgumentOutOfRangeException>(() => new TopKCurve([1.0]) { Width = width }, "width"));
        Refusal.Of<ArgumentOutOfRangeException>(() => new TopKCurve([1.0]) { Theme = (ChartTheme)9 }, "Automatic");
    }

    [Fact]
    public void Probabilities_OfZeroAndOne_AreDrawn()
    {
        Assert.StartsWith("2 rows", new ReliabilityDiagram([0, 1], [false, true]).Description, StringComparison.Ordinal);
        Assert.StartsWith("Share of wrong", new RiskCoverageCurve([0, 1], [false, true]).Description, StringComparison.Ordinal);
        Assert.StartsWith("At the threshold 0: ", new DecisionCurve([0, 1], [false, true]).Description, StringComparison.Ordinal);
        Assert.Equal(
            "At the threshold 1.0000: Precision 100%, Recall 100%, Coverage 50.0%.",
            new DecisionCurve([0, 1], [false, true], 1).Description);
        Assert.All([MathF.BitIncrement(1), MathF.BitDecrement(0)], wrong => Refusal.Of<ArgumentException>(
            () => new ReliabilityDiagram([0.5f, wrong], [true, false]), "Row 1 of 'confidences' is"));
    }

    [Fact]
    public void Svg_IsTheSameInEveryCulture()
    {
        string[] Drawn() => [.. Every(ChartTheme.Light).Select(chart => chart.ToSvg())];
        var expected = Drawn();
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "minus" } };
        try
        {
            Assert.Equal(expected, Drawn());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
