using System.Text;
using System.Xml.Linq;

namespace MLNet.Softmax.Tests.Evaluation;

/// <summary>HTML or SVG as text that shows differences well: each element on a line, with its attributes and its own text.</summary>
internal static class MarkupText
{
    /// <summary>The text, without style sheets and, within a page, without the shapes of the drawings.</summary>
    public static string Of(XElement root)
    {
        var text = new StringBuilder();
        Add(text, root, 0);
        return text.ToString();
    }

    private static void Add(StringBuilder text, XElement element, int depth)
    {
        var name = element.Name.LocalName;
        text.Append(' ', depth).Append(name);
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            text.Append($" {attribute.Name.LocalName}=\"{attribute.Value}\"");
        if (name == "style")
        {
            text.Append('\n');
            return;
        }

        var own = string.Concat(element.Nodes().OfType<XText>().Select(part => part.Value)).Trim();
        text.Append(own.Length > 0 ? $": {own}\n" : "\n");
        var isDrawingOfPage = name == "svg" && depth > 0;
        foreach (var child in element.Elements().Where(child => !isDrawingOfPage || child.Name.LocalName is "title" or "desc"))
            Add(text, child, depth + 1);
    }
}
