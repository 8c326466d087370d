using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.Softmax.Tests.Readme;

public partial class ReadmeTests
{
    private static readonly MarkdownDocument Readme = new(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void EveryCSharpBlock_IsCodeThatIsCompiledAndRun()
    {
        // The first is a sample. Samples.Tests runs it and the others against the packages.
        var sample = File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "Program.cs"));
        string[] run = [.. ExampleRegions.All.Values, sample.ReplaceLineEndings("\n").TrimEnd()];
        foreach (var block in Readme.Blocks.Where(block => block.Language == "csharp"))
            Assert.True(run.Contains(block.Code), $"Nothing in tests/ReadmeExamples reads:\n{block.Code}");
    }

    [Fact]
    public void EveryExample_IsShown()
    {
        foreach (var (name, code) in ExampleRegions.All)
            Assert.True(Readme.Blocks.Any(block => block.Code == code), $"README does not show the example '{name}':\n{code}");
    }

    [Fact]
    public void EveryLink_LeadsSomewhere()
    {
        Assert.NotEmpty(Readme.Links);
        foreach (var link in Readme.Links.Where(link => !link.StartsWith("https://", StringComparison.Ordinal)))
        {
            var parts = link.Split('#');
            var path = Path.Combine(Readme.Directory, parts[0]);
            Assert.True(
                parts[0].Length == 0 || File.Exists(path) || Directory.Exists(path), $"README links to {link}, which is not there.");
            var target = parts[0].Length == 0 || parts.Length == 1 ? Readme : new MarkdownDocument(path);
            Assert.True(parts.Length == 1 || target.Anchors.Contains(parts[1]), $"README links to {link}, but there is no such heading.");
        }
    }

    [Fact]
    public void MeasuredFigures_AreThoseOfTheBenchmarksTable()
    {
        var measured = Readme.Prose[Readme.Prose.IndexOf("<!-- measured -->", StringComparison.Ordinal)..];
        measured = measured[..measured.IndexOf("\n## ", StringComparison.Ordinal)];
        var figures = Figure().Matches(measured).Select(match => match.Value).ToArray();
        var results = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Benchmarks", "results", "amd-epyc-zen5.md"));
        string[] measuredOnce = [.. Measured().Matches(results).Select(match => Rounded(match.Value))];
        Assert.Equal(14, figures.Length);
        Assert.All(figures, figure => Assert.Contains(figure, measuredOnce));
    }

    /// <summary>To one decimal, half up; whole numbers stay whole.</summary>
    private static string Rounded(string figure) => figure.Contains('.', StringComparison.Ordinal)
        ? Math.Round(decimal.Parse(figure, CultureInfo.InvariantCulture), 1, MidpointRounding.AwayFromZero)
            .ToString("F1", CultureInfo.InvariantCulture)
        : figure;

    [Fact]
    public void EveryFileThatTheArchitectureNames_IsThere()
    {
        var sources = new[] { "src", "samples", "tests" }.SelectMany(folder => Directory.EnumerateFiles(
            Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)).ToArray();
        var text = File.ReadAllText(Path.Combine(Repository.Root, "ARCHITECTURE.md"));
        var named = SourceFile().Matches(text).Select(match => match.Groups["file"].Value).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(
            sources, source => source.Replace('\\', '/').EndsWith("/" + name, StringComparison.Ordinal)));
    }

    /// <summary>A project of tests that no filter names would not run in CI.</summary>
    [Fact]
    public void EveryTestProject_IsInOneOfTheTwoFilters()
    {
        var tests = Path.Combine(Repository.Root, "tests");
        var filters = string.Concat(Directory.GetFiles(tests, "*.slnf").Select(File.ReadAllText));
        var named = TestProject().Matches(filters).Select(match => match.Groups["project"].Value).Order();
        var projects = Directory.GetDirectories(tests).Select(Path.GetFileName)
            .Where(name => name is "ReadmeExamples" || name!.EndsWith(".Tests", StringComparison.Ordinal)).Order();
        Assert.Equal(projects, named);
    }

    [Fact]
    public async Task EveryWord_IsSpeltRight()
    {
        var aspell = "/usr/bin/aspell";
        Assert.SkipUnless(File.Exists(aspell), "The spelling was not checked: aspell is not installed (Debian: aspell and aspell-en).");
        var words = Path.Combine(Repository.Root, "tests", "MLNet.Softmax.Tests", "Readme", "words.txt");
        string[] arguments = ["list", "--mode=markdown", "--lang=en_GB", $"--personal={words}"];
        using var process = Process.Start(
            new ProcessStartInfo(aspell, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteAsync(Readme.Prose);
        process.StandardInput.Close();
        var misspelt = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        var unknown = string.Join(", ", misspelt.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct());
        Assert.True(unknown.Length == 0, $"Not in the dictionary nor in words.txt beside this test: {unknown}");
    }

    [GeneratedRegex(@"\d+\.\d+(?= \|)|\d+(?= ns)")]
    private static partial Regex Figure();

    [GeneratedRegex(@"(?<=\| )[\d.]+(?= )")]
    private static partial Regex Measured();

    [GeneratedRegex(@"/(?<project>[\w.]+)\.csproj")]
    private static partial Regex TestProject();

    [GeneratedRegex(@"`(?:…/)?(?<file>[\w./{}]+\.cs)`")]
    private static partial Regex SourceFile();
}
