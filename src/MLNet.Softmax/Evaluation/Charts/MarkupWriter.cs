using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace MLNet.Softmax.Evaluation.Charts;

/// <summary>Writes HTML and SVG elements; whatever text and attribute values hold is escaped.</summary>
internal sealed class MarkupWriter(TextWriter output)
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Opens an element, which the disposal of the result closes. An attribute with a null value is left out.</summary>
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

    /// <summary>Neither HTML nor XML can hold most control characters, not even escaped.</summary>
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
