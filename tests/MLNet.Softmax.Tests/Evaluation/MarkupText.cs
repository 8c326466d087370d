using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>HTML or SVG as text that shows differences well: each element on a line, with its attributes and its own text.</summary>
internal static class MarkupText
{
    /// <summary>The text, of style sheets only the ends, and of drawings within a page only the number of their elements.</summary>
    public static string Of(XElement root)
    {
        var text = new StringBuilder();
        Add(text, root, 0);
        return text.ToString();
    }

    /// <summary>The first and the last line of a style sheet.</summary>
    private static string Ends(string[] lines) => lines is [var only] ? only : $"{lines[0]} ... {lines[^1]}";

    private static void Add(StringBuilder text, XElement element, int depth)
    {
        var name = element.Name.LocalName;
        text.Append(' ', depth).Append(name);
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            text.Append($" {attribute.Name.LocalName}=\"{attribute.Value}\"");
        var own = string.Concat(element.Nodes().OfType<XText>().Select(part => part.Value)).Trim();
        text.Append(own.Length > 0 ? $": {(name == "style" ? Ends(own.Split('\n')) : own)}\n" : "\n");
        var isDrawingOfPage = name == "svg" && depth > 0;
        foreach (var child in element.Elements().Where(child => !isDrawingOfPage || child.Name.LocalName is "title" or "desc"))
            Add(text, child, depth + 1);
        if (isDrawingOfPage)
            text.Append(' ', depth + 1).Append(CultureInfo.InvariantCulture, $"{element.Descendants().Count()} elements\n");
    }
}
