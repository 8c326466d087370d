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
        Refusal.Of<InvalidOperationException>(() => AtomicFile.Write(PathOf("report.html"), writer =>
        {
            writer.Write(new string('x', 1_000_000));
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(PathOf("report.html")));
        Assert.Equal([PathOf("report.html")], Directory.GetFileSystemEntries(_directory));
    }

    /// <summary>Two programs may save the same file at the same time: the last one to finish wins.</summary>
    [Fact]
    public void AtomicFile_WrittenByTwoAtOnce_IsThatOfTheLast()
    {
        AtomicFile.Write(PathOf("report.html"), writer =>
        {
            writer.Write("first");
            AtomicFile.Write(PathOf("report.html"), other => other.Write("second"));
            Assert.Equal("second", File.ReadAllText(PathOf("report.html")));
        });
        Assert.Equal("first", File.ReadAllText(PathOf("report.html")));
        Assert.Equal([PathOf("report.html")], Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public void AtomicFile_OfBytesOrText_WritesThemAlone()
    {
        AtomicFile.Write(PathOf("text"), writer => writer.Write("ä"));
        AtomicFile.Write(PathOf("bytes"), (Stream stream) => stream.Write([1, 2]));
        Assert.Equal([0xC3, 0xA4], File.ReadAllBytes(PathOf("text")));
        Assert.Equal([1, 2], File.ReadAllBytes(PathOf("bytes")));
    }

    [Fact]
    public void SaveReport_ToTheRoot_SaysThatItIsADirectory()
    {
        var root = Path.GetPathRoot(_directory)!;
        var error = Assert.Throws<ArgumentException>("path", () => AtomicFile.Write(root, writer => writer.Write("")));
        Assert.StartsWith($"'{root}' names a directory; give the path of a file.", error.Message, StringComparison.Ordinal);
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
}
