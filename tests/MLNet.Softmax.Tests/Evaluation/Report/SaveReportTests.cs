using System.Collections;
using MLNet.Softmax.Evaluation.Report;

namespace MLNet.Softmax.Tests.Evaluation.Report;

public sealed class SaveReportTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("report-").FullName;

    private string PathOf(string name) => Path.Combine(_directory, name);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void SaveReport_ReplacesTheFile_AndLeavesNothingElse()
    {
        File.WriteAllText(PathOf("report.html"), "old");
        ReportSample.Evaluate(3).SaveReport(PathOf("report.html"));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(PathOf("report.html")), StringComparison.Ordinal);
        Assert.Equal([PathOf("report.html")], Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void AtomicFile_WhenWritingFails_KeepsTheOldFile_AndLeavesNothingElse()
    {
        File.WriteAllText(PathOf("report.html"), "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(PathOf("report.html"), writer =>
        {
            writer.Write(new string('x', 1_000_000));
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(PathOf("report.html")));
        Assert.Equal([PathOf("report.html")], Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void SaveReport_ToADirectory_SaysSo()
    {
        Refusal.Of<ArgumentException>(() => ReportSample.Evaluate(2).SaveReport(_directory), "is a directory");
    }

    [Fact]
    public void SaveReport_IntoADirectoryThatIsMissing_NamesIt()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => ReportSample.Evaluate(2).SaveReport(PathOf("missing/report.html")));
        Assert.Contains(PathOf("missing"), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void SaveReport_WithoutPath_IsRefused(string? path) =>
        Assert.ThrowsAny<ArgumentException>(() => ReportSample.Evaluate(2).SaveReport(path!));

    /// <summary>Goes the way a notebook goes: everything is found by name.</summary>
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
