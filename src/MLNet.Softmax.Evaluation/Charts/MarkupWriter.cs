using System.Text.Encodings.Web;
using System.Text.Unicode;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Writes HTML and SVG elements. Escapes text and attribute values.</summary>
internal sealed class MarkupWriter(TextWriter output)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Opens an element; disposing the result closes it. An attribute with a null value is left out.</summary>
    public Scope Open(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(element, attributes);
        output.Write('>');
        return new Scope(this, element);
    }

    /// <summary>An element with nothing but text inside.</summary>
    public void Element(string element, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (Open(element, attributes))
            Text(text);
    }

    /// <summary>An SVG shape, or one of HTML's elements that have no content.</summary>
    public void Empty(string element, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        WriteTag(element, attributes);
        output.Write("/>");
    }

    public void Text(string text) => output.Write(Encoder.Encode(WithoutControls(text)));

    public void Line() => output.Write('\n');

    /// <summary>Markup that is already written, such as a style sheet.</summary>
    public void Raw(string markup) => output.Write(markup);

    private void WriteTag(string element, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        output.Write('<');
        output.Write(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            output.Write(' ');
            output.Write(name);
            output.Write("=\"");
            Text(value);
            output.Write('"');
        }
    }

    /// <summary>Neither HTML nor XML allows most control characters, not even escaped.</summary>
    private static string WithoutControls(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
                span[i] = source[i] is '\n' or '\t' ? ' ' : char.IsControl(source[i]) ? '\uFFFD' : source[i];
        });
    }

    internal readonly struct Scope(MarkupWriter writer, string element) : IDisposable
    {
        public void Dispose()
        {
            writer.Raw("</");
            writer.Raw(element);
            writer.Raw(">");
        }
    }
}

internal enum TextAnchor { Start, Middle, End }

/// <summary>The shapes that charts are made of. Shapes have class names only; the style sheet defines how they look.</summary>
internal sealed class SvgCanvas(MarkupWriter markup)
{
    public void Line(double x1, double y1, double x2, double y2, string style) => markup.Empty(
        "line", ("class", style), ("x1", Coordinate(x1)), ("y1", Coordinate(y1)), ("x2", Coordinate(x2)), ("y2", Coordinate(y2)));

    /// <summary>A rectangle with an optional tooltip.</summary>
    public void Rectangle(double x, double y, double width, double height, string style, string? hint = null) => Shape(
        "rect", hint, ("class", style), ("x", Coordinate(x)), ("y", Coordinate(y)),
        ("width", Coordinate(Math.Max(0, width))), ("height", Coordinate(Math.Max(0, height))));

    public void Circle(double x, double y, double radius, string style, string? hint = null) =>
        Shape("circle", hint, ("class", style), ("cx", Coordinate(x)), ("cy", Coordinate(y)), ("r", Coordinate(radius)));

    public void Path(string data, string style)
    {
        if (data.Length > 0)
            markup.Empty("path", ("class", style), ("d", data));
    }

    public void Text(string text, double x, double y, string style, TextAnchor anchor = TextAnchor.Start, string? hint = null)
    {
        string? anchorName = anchor switch { TextAnchor.Middle => "middle", TextAnchor.End => "end", _ => null };
        WriteText(text, hint, ("class", style), ("x", Coordinate(x)), ("y", Coordinate(y)), ("text-anchor", anchorName));
    }

    /// <summary>Text that reads upwards from (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public void UpwardText(string text, double x, double y, string style, string? hint = null) =>
        WriteText(text, hint, ("class", style), ("transform", $"translate({Coordinate(x)} {Coordinate(y)}) rotate(-90)"));

    private void WriteText(string text, string? hint, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        using (markup.Open("text", attributes))
        {
            if (hint is not null)
                markup.Element("title", hint);
            markup.Text(text);
        }
    }

    private void Shape(string element, string? hint, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        if (hint is null)
        {
            markup.Empty(element, attributes);
            return;
        }

        using (markup.Open(element, attributes))
            markup.Element("title", hint);
    }
}
