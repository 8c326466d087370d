using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>
/// A drawing as inline SVG. It scales with the width that its page gives it, and says in words (title and description)
/// what it shows, for readers who do not see it.
/// </summary>
internal abstract class Chart(string title)
{
    /// <summary>The width of every drawing, in units that are about a pixel each on a narrow screen.</summary>
    public const double Width = 400;

    protected const string NothingToShow = "No rows to show.";

    public string Title => title;

    public abstract string Description { get; }

    protected abstract double Height { get; }

    protected abstract void Draw(SvgCanvas canvas);

    /// <summary>Says in the drawing that it is empty, so that it is not taken for broken.</summary>
    protected static void NoRows(SvgCanvas canvas, double x, double y) => canvas.Text(NothingToShow, x, y, "note", TextAnchor.Middle);

    public void Write(MarkupWriter markup)
    {
        using (markup.Open(
            "svg", ("xmlns", "http://www.w3.org/2000/svg"), ("class", "softmax-chart"), ("role", "img"), ("aria-label", Title),
            ("viewBox", $"0 0 {Coordinate(Width)} {Coordinate(Height)}"), ("width", Coordinate(Width)), ("height", Coordinate(Height))))
        {
            markup.Element("title", Title);
            markup.Element("desc", Description);
            Draw(new SvgCanvas(markup));
        }
    }

    public sealed override string ToString()
    {
        using var text = new StringWriter();
        Write(new MarkupWriter(text));
        return text.ToString();
    }
}
