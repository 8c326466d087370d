using MLNet.Softmax.Evaluation.Report;
using static MLNet.Softmax.Evaluation.Charts.NumberText;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>The colours of a chart.</summary>
public enum ChartTheme
{
    /// <summary>Light or dark, following the browser or notebook. Programs without themes show the light one.</summary>
    Automatic,

    /// <summary>Dark ink on white.</summary>
    Light,

    /// <summary>Light ink on a dark background.</summary>
    Dark,
}

/// <summary>
/// A chart as one self-contained SVG drawing: no scripts, fonts or network. It contains a description for screen readers. Notebooks show it
/// as a picture.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatterSource), PreferredMimeTypes = [NotebookFormatter.Html, NotebookFormatter.Svg])]
public abstract class Chart
{
    /// <summary>The width of every drawing in its own units. On a narrow screen, a report scales one unit to about one pixel.</summary>
    internal const double DrawingWidth = 400;

    private protected const string NothingToShow = "No rows to show.";
    private const double TitleRoom = 30, TitleFontSize = 15;

    private protected Chart(string title) => Title = title;

    /// <summary>The heading above the drawing; the name of the chart by default. Empty for none.</summary>
    /// <exception cref="ArgumentNullException">The title is null.</exception>
    public string Title
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>The width in pixels, finite and above 0; 480 by default. The height follows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not finite, or not above 0.</exception>
    public double Width
    {
        get;
        set
        {
            Guard.Require(double.IsFinite(value) && value > 0, value, "The width of a chart must be finite and above 0.", nameof(Width));
            field = value;
        }
    } = 480;

    /// <summary>The colours; <see cref="ChartTheme.Automatic"/> by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such theme.</exception>
    public ChartTheme Theme
    {
        get;
        set
        {
            Guard.Require(Enum.IsDefined(value), value, "Expected Automatic, Light or Dark.", nameof(Theme));
            field = value;
        }
    }

    /// <summary>A description of the chart in words. The SVG contains it for screen readers.</summary>
    public abstract string Description { get; }

    private protected abstract double DrawingHeight { get; }

    private protected abstract void Draw(SvgCanvas canvas);

    /// <summary>Draws the chart.</summary>
    /// <returns>A complete SVG document, which can also be embedded in an HTML page.</returns>
    public string ToSvg()
    {
        using var text = new StringWriter();
        WriteDocument(text);
        return text.ToString();
    }

    /// <summary>Saves the chart as a file.</summary>
    /// <param name="path">
    /// The path of the file, such as reliability.svg. An existing file is replaced when the new one is complete; if writing fails, the old
    /// one stays.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null, empty or a directory.</exception>
    /// <exception cref="DirectoryNotFoundException">The directory of <paramref name="path"/> does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public void SaveSvg(string path) =>
        AtomicFile.Write(path, WriteDocument);

    /// <summary>The chart in words.</summary>
    /// <returns>The title and the description.</returns>
    public sealed override string ToString() => Title.Length == 0 ? Description : $"{Title}. {Description}";

    /// <summary>Writes into the drawing that there are no rows, so that it does not look broken.</summary>
    private protected static void NoRows(SvgCanvas canvas, double x, double y) =>
        canvas.Text(NothingToShow, x, y, "note", TextAnchor.Middle);

    /// <summary>Writes the drawing without title, colours and size, for a page that defines them.</summary>
    internal void Write(MarkupWriter markup)
    {
        using (Open(markup, 0, DrawingWidth, ("class", "softmax-chart")))
            Draw(new SvgCanvas(markup));
    }

    private void WriteDocument(TextWriter writer)
    {
        var markup = new MarkupWriter(writer);
        double top = Title.Length == 0 ? 0 : -TitleRoom;
        using (Open(
            markup, top, Width, ("class", ChartStyle.DocumentClass(Theme)), ("font-family", ChartStyle.FontFamily),
            ("style", "max-width: 100%; height: auto")))
        {
            markup.Raw($"<style>{ChartStyle.DocumentSheet(Theme)}</style>");
            var canvas = new SvgCanvas(markup);
            canvas.Rectangle(0, top, DrawingWidth, DrawingHeight - top, "paper");
            if (Title.Length > 0)
                canvas.Text(ChartLabel.Fit(Title, DrawingWidth - 16, TitleFontSize), 8, top + 22, "title", hint: Title);
            Draw(canvas);
        }
    }

    private MarkupWriter.Scope Open(MarkupWriter markup, double top, double width, params ReadOnlySpan<(string Name, string? Value)> style)
    {
        double height = DrawingHeight - top;
        var scope = markup.Open(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), .. style, ("role", "img"), ("aria-label", Title),
                ("viewBox", $"0 {Coordinate(top)} {Coordinate(DrawingWidth)} {Coordinate(height)}"),
                ("width", Coordinate(width)), ("height", Coordinate(height * width / DrawingWidth)),
            ]);
        markup.Element("title", Title);
        markup.Element("desc", Description);
        return scope;
    }
}
