using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>The tool, installed from its packages.</summary>
[Collection(PackageFeed.OneAtATime)]
public sealed partial class ToolPackageTests(PackageFeed feed)
{
    /// <summary>Slow: the tool's own tests, in which each command is a process of the installed program.</summary>
    [Fact]
    public async Task Tool_InstalledFromAFolder_PassesItsTests()
    {
        var folder = feed.NewFolder();
        var program = await Install("MLNet.Softmax.Tool", folder);

        var output = await DotnetCommand.MustRunProgram(
            "dotnet", folder, [SampleProcess.PathOf("MLNet.Softmax.Tool.Tests"), "-noLogo", "-noColor"],
            // A fit ends at other last digits with other vectors, and a native program for x64 has those of AVX2.
            [new("SOFTMAX_PROGRAM", program), new("DOTNET_EnableAVX512", "0")]);

        var summary = Summary().Match(output);
        Assert.True(summary.Success, output);
        Assert.InRange(int.Parse(summary.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 200, int.MaxValue);
        // The package for this platform is a native program.
        if (PackageFeed.ToolPlatform is { } platform)
        {
            var files = Directory.GetFiles(Path.Combine(folder, "tools"), "MLNet.Softmax.Tool*", SearchOption.AllDirectories);
            Assert.Contains(files, file => Path.GetFileName(Path.GetDirectoryName(file)) == platform);
            Assert.DoesNotContain(files, file => Path.GetExtension(file) == ".dll");
        }
    }

    /// <summary>For processors on which the native program does not run.</summary>
    [Fact]
    public async Task ToolForAnyPlatform_InstalledFromAFolder_EvaluatesAFile()
    {
        var folder = feed.NewFolder();
        var program = await Install(PackageFeed.ToolPlatform is null ? "MLNet.Softmax.Tool" : "MLNet.Softmax.Tool.any", folder);
        File.WriteAllText(Path.Combine(folder, "scores.csv"), "id,y_true,prob_cat,prob_dog\n1,cat,0.9,0.1\n2,dog,0.2,0.8\n");

        var output = await DotnetCommand.MustRunProgram(program, folder, "evaluate", "scores.csv", "--report", "report.html");

        Assert.StartsWith("label: y_true; probabilities: prob_cat, prob_dog; row id: id", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
    }

    private async Task<string> Install(string package, string folder)
    {
        await DotnetCommand.MustRun(
            folder, "tool", "install", package, "--tool-path", "tools", "--add-source", feed.Folder, "--version", feed.VersionOf(package));
        return Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "softmax.exe" : "softmax");
    }

    [GeneratedRegex(@"Total: (\d+), Errors: 0, Failed: 0, Skipped: 0, Not Run: 0")]
    private static partial Regex Summary();
}
