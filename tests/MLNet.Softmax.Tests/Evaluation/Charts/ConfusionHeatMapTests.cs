using System.Xml.Linq;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

public class ConfusionHeatMapTests
{
    private const int LegendSwatches = 8;

    private static ConfusionHeatMap Map(int classes, Func<int, string>? name = null) =>
        Map([.. Enumerable.Range(0, classes).Select(name ?? (i => "class " + i))], CountOf);

    private static ConfusionHeatMap Map(string[] names, Func<int, int, double> count)
    {
        var counts = new double[names.Length, names.Length];
        for (int cell = 0; cell < counts.Length; cell++)
            counts[cell / names.Length, cell % names.Length] = count(cell / names.Length, cell % names.Length);
        return new ConfusionHeatMap(counts, names);
    }

    private static double CountOf(int actual, int predicted) => actual == predicted ? 90 : (actual + predicted) % 7 == 0 ? 3 : 0;

    [Fact]
    public void TwoClasses_ShowCountsAndShares()
    {
        var map = Map(["hot dog", "not hot dog"], (actual, predicted) => actual == predicted ? 30 : 10);
        var texts = ChartAssert.Parse(map).Texts();
        Assert.Equal(2, texts.Count(text => text == "30"));
        Assert.Equal(2, texts.Count(text => text == "75.0%"));
        Assert.Equal(2, texts.Count(text => text == "25.0%"));
        Assert.Equal(2, texts.Count(text => text == "not hot dog"));
    }

    [Fact]
    public void FewClasses_StandInTheMiddle()
    {
        var layout = HeatMapLayout.For(["cat", "dog"]);
        Assert.Equal(8 + layout.RowNameRoom, layout.Left - (Chart.DrawingWidth - layout.Left - layout.Side), 1e-9);
        Assert.Equal(84, layout.Cell);
    }

    [Fact]
    public void NoClasses_SayThatThereIsNothingToShow()
    {
        var map = Map(0);
        var svg = ChartAssert.Parse(map);
        Assert.Equal([map.Title, map.Description], svg.Texts());
        Assert.Empty(svg.Shapes("rect", "frame"));
    }

    [Fact]
    public void Cells_OfAnUnsymmetricMatrix_StandInTheRowOfTheActualAndTheColumnOfThePredictedClass()
    {
        double[,] counts = { { 8, 2 }, { 0, 10 } };
        var svg = ChartAssert.Parse(new ConfusionHeatMap(counts, ["cat", "dog"]));
        var cells = svg.Elements().Where(shape => shape.Name.LocalName == "rect" && shape.Elements().Any()).ToArray();

        Assert.Equal(
            "2 classes. Most frequent confusions: 2 of cat predicted as dog.", new ConfusionHeatMap(counts, ["cat", "dog"]).Description);
        Assert.Equal(
            [
                "8 of cat predicted as cat (80.0%)", "2 of cat predicted as dog (20.0%)", "0 of dog predicted as cat (0%)",
                "10 of dog predicted as dog (100%)",
            ],
            cells.Select(cell => cell.Elements().Single().Value));
        Assert.Equal(["heat8 right", "heat5", "heat0", "heat8 right"], cells.Select(cell => (string?)cell.Attribute("class")));
        double[] x = [.. cells.Select(cell => cell.Number("x"))], y = [.. cells.Select(cell => cell.Number("y"))];
        Assert.Equal((x[0], y[0], x[1], y[2]), (x[2], y[1], x[3], y[3]));
        Assert.True(x[1] > x[0] && y[2] > y[0]);
        var figures = svg.Shapes("text", "cell");
        Assert.Equal(["8", "80.0%", "2", "20.0%", "10", "100%"], figures.Select(text => text.Value));
        Assert.Equal([true, true, false, false, true, true], figures.Select(text => text.Attribute("class")!.Value.Contains("strong")));
    }

    [Fact]
    public void Shades_OfManyClasses_StandInTheRowOfTheActualAndTheColumnOfThePredictedClass()
    {
        var counts = new double[60, 60];
        counts[10, 40] = 1;
        var svg = ChartAssert.Parse(new ConfusionHeatMap(counts, [.. Enumerable.Range(0, 60).Select(i => $"{i}")]));
        var frame = svg.Shapes("rect", "frame").Single();
        double cell = frame.Number("width") / 60;

        var path = svg.Elements().Single(shape => shape.Attribute("d")?.Value.Length > 0);
        double[] start = [.. path.Attribute("d")!.Value[1..].Split('h')[0].Split(' ').Select(part => double.Parse(part, null))];
        Assert.Equal(frame.Number("x") + (40 * cell), start[0], 0.02);
        Assert.Equal(frame.Number("y") + (10 * cell), start[1], 0.02);
        Assert.Equal("heat8", (string?)path.Attribute("class"));
    }

    [Fact]
    public void TenClasses_ShowCountsAndEveryName()
    {
        var svg = ChartAssert.Parse(Map(10));
        Assert.Equal(10, svg.Shapes("text", "cell").Count(text => text.Value == "90"));
        Assert.Equal(20, svg.Shapes("text", "name").Count);
        int shaded = svg.Elements().Count(shape => ((string?)shape.Attribute("class") ?? "").StartsWith("heat", StringComparison.Ordinal));
        Assert.Equal(10 * 10, shaded - LegendSwatches);
    }

    [Fact]
    public void TitleNamesAndCells_StandBelowEachOther()
    {
        var svg = ChartAssert.Parse(Map(2));
        var titles = svg.Shapes("text", "axis-title").ToDictionary(title => title.Value);
        var lowestName = svg.Shapes("text", "name").Min(name => name.Number("y"));
        double top = svg.Shapes("rect", "frame").Single().Number("y");
        Assert.True(lowestName - ChartLabel.FontSize > titles["predicted →"].Number("y"));
        Assert.True(top > lowestName && top > titles["actual ↓"].Number("y"));
    }

    [Fact]
    public void Legend_NamesEveryLimitAndWhatTheSharesAreOf() => Assert.Equal(
        ["0%", "1%", "2%", "5%", "10%", "25%", "50%", "75%", "100%", "share of the actual class's rows"],
        ChartAssert.Parse(Map(2)).Shapes("text", "legend").Select(text => text.Value));

    [Theory]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(1000)]
    public void ManyClasses_NamesDoNotOverlap(int classes)
    {
        string[] names = [.. Enumerable.Range(0, classes).Select(i => "class " + i)];
        var svg = ChartAssert.Parse(Map(names, (actual, predicted) => actual == predicted ? 1 : 0));
        var rowNames = svg.Shapes("text", "name").Where(text => (string?)text.Attribute("text-anchor") == "end");
        double[] places = [.. rowNames.Select(text => text.Number("y"))];
        Assert.True(places.Length >= 10);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 11.5));
        Assert.Empty(svg.Shapes("text", "cell"));
    }

    [Fact]
    public void HundredClasses_ShadeEveryCellThatHoldsRows_InOnePathForEachShade()
    {
        string[] paths = [.. ChartAssert.Parse(Map(100)).Elements().Select(shape => (string?)shape.Attribute("d")).OfType<string>()];
        Assert.InRange(paths.Length, 1, HeatLevels.Count - 1);
        int expected = Enumerable.Range(0, 100 * 100).Count(cell => CountOf(cell / 100, cell % 100) > 0);
        Assert.Equal(expected, paths.Sum(path => path.Count(character => character == 'M')));
    }

    [Fact]
    public void NamesThatLookLikeMarkup_AreText()
    {
        string[] names = ["<script>alert(1)</script>", "\"&'", "a\u0001b\nc\td", "犬 🐕 \uD800"];
        var chart = Map(names, (_, _) => 1);
        var svg = XElement.Parse(chart.ToSvg());
        var rowNames = svg.Shapes("text", "name").Where((_, i) => i % 2 == 0);
        Assert.Equal([names[0], names[1], "a\uFFFDb c d", "犬 🐕 \uFFFD"], rowNames.Select(name => name.Elements().Single().Value));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
    }

    [Fact]
    public void LongNames_AreCutBetweenCharacters_AndGivenInFullAsAHint()
    {
        string name = string.Concat(Enumerable.Repeat("👩‍🚀", 40));
        var label = ChartAssert.Parse(Map(3, i => name + i)).Shapes("text", "name")[0];
        string shown = label.Nodes().OfType<XText>().Single().Value;
        Assert.EndsWith("👩‍🚀…", shown, StringComparison.Ordinal);
        Assert.Equal(name + "0", label.Elements().Single().Value);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(0.001, 1)]
    [InlineData(0.01, 1)]
    [InlineData(0.3, 6)]
    [InlineData(1, 8)]
    public void HeatLevel_GrowsWithTheShare(double share, int level) => Assert.Equal(level, HeatLevels.Of(share));
}
