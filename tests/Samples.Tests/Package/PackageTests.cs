using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

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
            ["MLNet.Softmax.Evaluation", "MLNet.Softmax.Numerics"]);

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
            "MLNet.Softmax", "global using Xunit;\n",
            WarningsAsErrors + "<UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>",
            ["Microsoft.ML.OnnxConverter", "Microsoft.ML.OnnxRuntime", "Microsoft.ML.OnnxTransformer", "xunit.v3"]);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "tests", "ReadmeExamples"), "*.cs"))
            File.Copy(file, Path.Combine(project.Folder, Path.GetFileName(file)));

        var output = await project.Run();

        Assert.Matches("Total: [1-9][0-9]*, Errors: 0, Failed: 0, Skipped: 0", output);
    }

    /// <summary>The calibrators are an extension property, which only C# 14 knows: other languages call its getter.</summary>
    [Theory]
    [InlineData("cs", "<LangVersion>13</LangVersion>", """
        using System;
        using Microsoft.ML;

        var mlContext = new MLContext();
        Console.WriteLine(SoftmaxCatalog.get_Calibrators(mlContext.MulticlassClassification).Temperature().GetType().Name);
        """)]
    [InlineData("vb", "", """
        Imports System
        Imports Microsoft.ML

        Module Program
            Sub Main()
                Dim context = New MLContext()
                Console.WriteLine(SoftmaxCatalog.get_Calibrators(context.MulticlassClassification).Temperature().GetType().Name)
            End Sub
        End Module
        """)]
    [InlineData("fs", "", """
        open Microsoft.ML

        let context = MLContext()
        let calibrators = SoftmaxCatalog.get_Calibrators(context.MulticlassClassification)
        printfn "%s" (calibrators.Temperature().GetType().Name)
        """)]
    public async Task Calibrators_FromALanguageWithoutExtensionProperties_AreTheGetterOfSoftmaxCatalog(
        string language, string properties, string program)
    {
        var output = await new EmptyProject(feed).Write("MLNet.Softmax", program, properties, language: language).Run();

        Assert.StartsWith("CalibratorEstimator", output, StringComparison.Ordinal);
    }

    // README shows what an English computer prints.
    private const string Invariant = "<InvariantGlobalization>true</InvariantGlobalization>";
}
