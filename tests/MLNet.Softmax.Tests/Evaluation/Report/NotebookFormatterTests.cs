using System.Collections;

namespace MLNet.Softmax.Tests.Evaluation.Report;

/// <summary>Goes the way a notebook goes: everything is found by name.</summary>
public class NotebookFormatterTests
{
    [Fact]
    public void Metrics_ShowThemselvesAsHtmlInANotebook()
    {
        object metrics = ReportSample.Evaluate(3);
        var attribute = metrics.GetType().GetCustomAttributes(inherit: true)
            .Single(one => one.GetType().Name == "TypeFormatterSourceAttribute");
        Assert.Equal(["text/html"], (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!);
        var sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var formatters = (IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(Activator.CreateInstance(sourceType), null)!;
        var formatter = Assert.Single(formatters.Cast<object>());
        Assert.Equal("text/html", formatter.GetType().GetProperty("MimeType")!.GetValue(formatter));

        using var writer = new StringWriter();
        var format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!;
        Assert.Equal(true, format.Invoke(formatter, [metrics, writer]));
        Assert.StartsWith("<div class=\"softmax-report\">", writer.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<html", writer.ToString(), StringComparison.Ordinal);
        Assert.Equal(false, format.Invoke(formatter, ["a text", writer]));
    }
}
