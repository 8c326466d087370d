using System.Globalization;
using System.Xml.Linq;
using MLNet.Softmax.Evaluation.Charts;

namespace MLNet.Softmax.Tests.Evaluation.Charts;

/// <summary>Reads a chart's SVG back as XML and checks what holds for every chart.</summary>
internal static class ChartAssert
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Parse(Chart chart)
    {
        var svg = XElement.Parse(chart.ToSvg());
        Assert.Equal("img", (string?)svg.Attribute("role"));
        Assert.Equal(chart.Title, (string?)svg.Attribute("aria-label"));
        Assert.Equal(chart.Title, svg.Element(Svg + "title")?.Value);
        Assert.Equal(chart.Description, svg.Element(Svg + "desc")?.Value);
        AssertTextFits(svg);
        return svg;
    }

    public static IReadOnlyList<string> Texts(this XElement svg) => [.. svg.Elements(Svg + "text").Select(OwnText)];

    public static IReadOnlyList<XElement> Shapes(this XElement svg, string element, string style) =>
        [.. svg.Elements(Svg + element).Where(shape => ((string?)shape.Attribute("class") ?? "").Split(' ').Contains(style))];

    public static double Number(this XElement shape, string attribute) =>
        double.Parse((string)shape.Attribute(attribute)!, CultureInfo.InvariantCulture);

    /// <summary>The values at which the points of a chart stand, according to the ticks of its axes, from left to right.</summary>
    public static (double X, double Y)[] PointsAccordingToAxes(this XElement svg)
    {
        var heights = svg.Shapes("line", "gridline").Select(line => line.Number("y1"));
        var places = svg.Shapes("line", "axis").Where(line => line.Number("x1") == line.Number("x2")).Select(line => line.Number("x1"));
        var (x, y) = (Scale(svg, "middle", places), Scale(svg, "end", heights));
        return [.. svg.Shapes("circle", "point").Select(point => (x(point.Number("cx")), y(point.Number("cy")))).Order()];
    }

    private static Func<double, double> Scale(XElement svg, string anchor, IEnumerable<double> places)
    {
        double[] at = [.. places];
        double[] values = [.. svg.Shapes("text", "tick").Where(text => (string?)text.Attribute("text-anchor") == anchor).Select(ValueOf)];
        Assert.Equal(values.Length, at.Length);
        return place => values[0] + ((place - at[0]) * (values[^1] - values[0]) / (at[^1] - at[0]));
    }

    private static double ValueOf(XElement tick) => tick.Value.EndsWith('%')
        ? double.Parse(tick.Value[..^1], CultureInfo.InvariantCulture) / 100 : double.Parse(tick.Value, CultureInfo.InvariantCulture);

    private static void AssertTextFits(XElement svg)
    {
        double[] box = [.. ((string)svg.Attribute("viewBox")!).Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture))];
        foreach (var text in svg.Elements(Svg + "text").Where(text => text.Attribute("x") is not null))
        {
            double x = text.Number("x"), y = text.Number("y");
            double width = ChartLabel.Width(OwnText(text));
            double left = (string?)text.Attribute("text-anchor") switch { "middle" => x - width / 2, "end" => x - width, _ => x };
            bool fits = left >= -6 && left + width <= box[2] + 6 && y >= box[1] + 8 && y <= box[1] + box[3];
            Assert.True(fits, $"'{OwnText(text)}' at {left:F0}..{left + width:F0}, {y:F0} leaves the drawing.");
        }
    }

    private static string OwnText(XElement text) => string.Concat(text.Nodes().OfType<XText>().Select(node => node.Value));
}
