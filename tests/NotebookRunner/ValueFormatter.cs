using System.Collections;
using System.Globalization;

namespace NotebookRunner;

/// <summary>
/// Turns a cell's last value into what a notebook shows. A type that carries a <c>TypeFormatterSourceAttribute</c>
/// is shown by the formatter that the attribute names, found by name as .NET Interactive does.
/// </summary>
internal static class ValueFormatter
{
    public static CellOutput Format(object value) => value switch
    {
        HtmlText html => new CellOutput(CellOutput.Html, html.Html, IsPrinted: false),
        _ when FormatAsHtml(value) is { } html => new CellOutput(CellOutput.Html, html, IsPrinted: false),
        _ => new CellOutput(CellOutput.PlainText, FormatAsText(value), IsPrinted: false),
    };

    private static string FormatAsText(object? value) => value switch
    {
        null => "<null>",
        string text => text,
        IEnumerable items => "[ " + string.Join(", ", items.Cast<object?>().Select(FormatAsText)) + " ]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string? FormatAsHtml(object value)
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true)
            .FirstOrDefault(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        if (attribute is null)
            return null;
        var sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var source = Activator.CreateInstance(sourceType, nonPublic: true)!;
        var formatters = (IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!;
        foreach (var formatter in formatters)
        {
            var type = formatter.GetType();
            if ((string)type.GetProperty("MimeType")!.GetValue(formatter)! != CellOutput.Html)
                continue;
            using var writer = new StringWriter(CultureInfo.InvariantCulture);
            type.GetMethod("Format", [typeof(object), typeof(TextWriter)])!.Invoke(formatter, [value, writer]);
            return writer.ToString();
        }

        return null;
    }
}
