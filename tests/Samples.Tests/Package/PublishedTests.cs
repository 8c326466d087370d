using System.Text;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>
/// A program that references only the packages trains, predicts, reports, exports and saves, and in a process of its own, which
/// knows nothing of the library and has a German culture, loads the models from file and from stream. Slow: each test publishes it.
/// </summary>
[Collection(PackageFeed.OneAtATime)]
public sealed class PublishedTests(PackageFeed feed)
{
    private const int ModelCount = 10;

    [Theory]
    [InlineData("--no-self-contained")]
    [InlineData("--self-contained", "-p:PublishSingleFile=true")]
    [InlineData("--no-self-contained", "-p:PublishReadyToRun=true")]
    public async Task Pipeline_Published_TrainsSavesLoadsReportsAndExports(params string[] options)
    {
        var project = new EmptyProject(feed).Write("MLNet.Softmax", "Pipeline.cs", more: ["Microsoft.ML.OnnxConverter"]);
        var published = Path.Combine(project.Folder, "published");
        await DotnetCommand.MustRun(project.Folder, ["publish", "--nologo", "--use-current-runtime", "-o", published, .. options]);
        var program = Path.Combine(published, OperatingSystem.IsWindows() ? "app.exe" : "app");
        var models = Directory.CreateDirectory(Path.Combine(project.Folder, "models")).FullName;

        var made = Lines(await DotnetCommand.MustRunProgram(program, project.Folder, "make", models, ""));
        var loaded = Lines(await DotnetCommand.MustRunProgram(program, project.Folder, "load", models, "de-DE"));

        Assert.Equal(1 + ModelCount, made.Length);
        Assert.Equal("de-DE 0,5", loaded[0]);
        Assert.Equal(made.Skip(1).SelectMany(line => (string[])[line, line]).Order(), loaded.Skip(1).Order());
        Assert.Contains("</html>", await File.ReadAllTextAsync(Path.Combine(models, "report.html"), TestContext.Current.CancellationToken));
        Assert.Contains(
            "Probability.output", File.ReadAllText(Path.Combine(models, "model.onnx"), Encoding.Latin1), StringComparison.Ordinal);
    }

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
