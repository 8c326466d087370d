using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>The packages, installed in projects of their own. Slow: each test restores, builds and runs a program.</summary>
[Collection(PackageFeed.OneAtATime)]
public sealed class PackageTests(PackageFeed feed)
{
    private const string WarningsAsErrors = "<TreatWarningsAsErrors>true</TreatWarningsAsErrors>";

    private static readonly (string Code, string Output) Numbers = FirstExample.Of("src", "MLNet.Softmax.Numerics", "README.md");

    [Fact]
    public async Task Numerics_InstalledInAnEmptyProject_Runs() =>
        Assert.Equal(Numbers.Output, await new EmptyProject(feed).Write("MLNet.Softmax.Numerics", Numbers.Code, WarningsAsErrors).Run());

    [Fact]
    public async Task Numerics_PublishedAheadOfTime_RunsWithoutWarnings()
    {
        var project = new EmptyProject(feed).Write(
            "MLNet.Softmax.Numerics", Numbers.Code, "<PublishAot>true</PublishAot>" + WarningsAsErrors);

        var output = await DotnetCommand.MustRun(project.Folder, "publish", "--nologo", "--use-current-runtime", "-o", "published");

        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        var program = Path.Combine(project.Folder, "published", OperatingSystem.IsWindows() ? "app.exe" : "app");
        Assert.Equal(Numbers.Output, await DotnetCommand.MustRunProgram(program, project.Folder));
    }

    [Fact]
    public async Task AllPackages_InstalledInAnEmptyProject_RunTheFirstExampleOfReadme()
    {
        var project = new EmptyProject(feed).Write(
            "MLNet.Softmax", FirstExample.Code, Invariant + WarningsAsErrors,
            ["MLNet.Softmax.Evaluation", "MLNet.Softmax.Numerics", "Microsoft.ML.LightGbm"]);

        Assert.Equal(FirstExample.Output, await project.Run());
    }

    [Fact]
    public async Task Evaluation_InstalledInAnEmptyProject_EvaluatesArraysWithoutMLNet()
    {
        var (code, output) = FirstExample.Of("src", "MLNet.Softmax.Evaluation", "README.md");
        var project = new EmptyProject(feed).Write("MLNet.Softmax.Evaluation", code, WarningsAsErrors);

        Assert.Equal(output, await project.Run());
        Assert.True(new FileInfo(Path.Combine(project.Folder, "report.html")).Length > 10_000);
        Assert.Empty(Directory.GetFiles(project.Folder, "Microsoft.ML*.dll", SearchOption.AllDirectories));
    }

    /// <summary>The files of tests/ReadmeExamples, from which the other blocks of README come.</summary>
    [Fact]
    public async Task Softmax_InstalledInAnEmptyProject_RunsEveryOtherExampleOfReadme()
    {
        var project = new EmptyProject(feed).Write(
            "MLNet.Softmax", "global using Microsoft.AspNetCore.Builder;\nglobal using Xunit;\n",
            WarningsAsErrors + "<UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>",
            [
                "Microsoft.AspNetCore.App", "Microsoft.Data.Analysis", "Microsoft.ML.OnnxConverter", "Microsoft.ML.OnnxRuntime",
                "Microsoft.ML.OnnxTransformer", "xunit.v3",
            ]);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "ReadmeExamples"), "*.cs"))
            File.Copy(file, Path.Combine(project.Folder, Path.GetFileName(file)));

        var output = await project.Run();

        Assert.Matches("Total: [1-9][0-9]*, Errors: 0, Failed: 0, Skipped: 0", output);
    }

    /// <summary>The calibrators are an extension property, which only C# 14 knows: README says what other languages call.</summary>
    [Theory]
    [InlineData("cs", "csharp", "<LangVersion>13</LangVersion>", """
        using Microsoft.ML;

        var mlContext = new MLContext();
        {0}
        System.Console.WriteLine(calibrators.Temperature().GetType().Name);
        """)]
    [InlineData("vb", "vb", "", """
        Imports Microsoft.ML

        Module Program
            Sub Main()
                Dim mlContext = New MLContext()
                {0}
                System.Console.WriteLine(calibrators.Temperature().GetType().Name)
            End Sub
        End Module
        """)]
    [InlineData("fs", "fsharp", "", """
        open Microsoft.ML

        let mlContext = MLContext()
        {0}
        printfn "%s" (calibrators.Temperature().GetType().Name)
        """)]
    public async Task Calibrators_FromALanguageWithoutExtensionProperties_AreWhatReadmeSays(
        string extension, string language, string properties, string program)
    {
        var call = Assert.Single(FirstExample.Blocks(language), block => block.Contains("get_Calibrators", StringComparison.Ordinal));
        var project = new EmptyProject(feed).Write(
            "MLNet.Softmax", program.Replace("{0}", call, StringComparison.Ordinal), properties, language: extension);

        Assert.StartsWith("CalibratorEstimator", await project.Run(), StringComparison.Ordinal);
    }

    // README shows what an English computer prints.
    private const string Invariant = "<InvariantGlobalization>true</InvariantGlobalization>";
}
