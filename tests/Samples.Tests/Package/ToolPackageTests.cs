namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>The tool, installed from its package.</summary>
[Collection(PackageFeed.OneAtATime)]
public sealed class ToolPackageTests(PackageFeed feed)
{
    [Fact]
    public async Task Tool_InstalledFromAFolder_EvaluatesAFile()
    {
        var folder = feed.NewFolder();
        await DotnetCommand.MustRun(
            folder, "tool", "install", "MLNet.Softmax.Tool", "--tool-path", "tools", "--add-source", feed.Folder, "--version",
            feed.VersionOf("MLNet.Softmax.Tool"));
        File.WriteAllText(Path.Combine(folder, "scores.csv"), "id,y_true,prob_cat,prob_dog\n1,cat,0.9,0.1\n2,dog,0.2,0.8\n");

        var program = Path.Combine(folder, "tools", OperatingSystem.IsWindows() ? "softmax.exe" : "softmax");
        var output = await DotnetCommand.MustRunProgram(program, folder, "evaluate", "scores.csv", "--report", "report.html");

        Assert.StartsWith("label: y_true; probabilities: prob_cat, prob_dog; row id: id", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "report.html")));
        // The package for this platform, with compiled code.
        if (PackageFeed.ToolPlatform is { } platform)
            Assert.NotEmpty(Directory.GetDirectories(Path.Combine(folder, "tools"), $"*.{platform}", SearchOption.AllDirectories));
    }
}
