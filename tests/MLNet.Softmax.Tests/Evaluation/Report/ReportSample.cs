using System.Xml.Linq;
using MLNet.Softmax.Evaluation;
using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation.Report;

/// <summary>Evaluations to write reports of, and a report read back as XML.</summary>
internal static class ReportSample
{
    public static ProbabilityMetrics Evaluate(
        int classCount, int rows = 600, Func<int, string>? className = null, ProbabilityEvaluationOptions? options = null,
        float sharpness = 1.5f, bool hasRowNames = false)
    {
        var evaluator = new ProbabilityEvaluator(Enumerable.Range(0, classCount).Select(className ?? (index => $"class {index}")), options);
        var names = Enumerable.Range(0, hasRowNames ? rows : 0).Select(row => $"photographs/{row}.jpg".AsMemory());
        evaluator.Add(RandomRows.Draw(seed: classCount, rows, classCount, sharpness).Block, rowNames: [.. names]);
        return evaluator.ToMetrics();
    }

    public static XElement Parse(this ProbabilityMetrics metrics, ProbabilityReportOptions? options = null)
    {
        string html = metrics.Html(options);
        Assert.StartsWith("<!DOCTYPE html>\n", html, StringComparison.Ordinal);
        return XElement.Parse(html["<!DOCTYPE html>\n".Length..]);
    }

    public static string Html(this ProbabilityMetrics metrics, ProbabilityReportOptions? options = null)
    {
        using var writer = new StringWriter();
        ReportPage.Write(writer, metrics, options ?? new ProbabilityReportOptions());
        return writer.ToString();
    }

    public static IReadOnlyList<string> Headings(this XElement page) => [.. page.Descendants("h2").Select(heading => heading.Value)];

    public static IReadOnlyList<XElement> Pictures(this XElement page, string heading) =>
        [.. page.Descendants("section").Single(section => section.Element("h2")?.Value == heading).Descendants("figure")];

    /// <summary>The rows of the table below a heading, header first.</summary>
    public static IReadOnlyList<string[]> Table(this XElement page, string heading) =>
    [
        .. page.Descendants("section").Single(section => section.Element("h2")?.Value == heading)
            .Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()),
    ];
}
