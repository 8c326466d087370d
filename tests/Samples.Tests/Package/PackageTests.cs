using System.IO.Compression;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

[Collection(PackageFeed.OneAtATime)]
public sealed class PackageTests(PackageFeed feed)
{
    private const string Numbers = """
        using MLNet.Softmax.Numerics;

        float[] probabilities = new float[3];
        Softmax.Compute([1000, 1001, 1002], probabilities);
        Console.WriteLine(FormattableString.Invariant($"{probabilities[0]:F4} {probabilities[1]:F4} {probabilities[2]:F4}"));
        """;

    [Fact]
    public async Task Numerics_InstalledInAnEmptyProject_Runs() =>
        Assert.Equal("0.0900 0.2447 0.6652\n", await new EmptyProject(feed).Write("MLNet.Softmax.Numerics", Numbers).Run());

    [Fact]
    public async Task Numerics_PublishedAheadOfTime_RunsWithoutWarnings()
    {
        var project = new EmptyProject(feed).Write(
            "MLNet.Softmax.Numerics", Numbers, "<PublishAot>true</PublishAot><TreatWarningsAsErrors>true</TreatWarningsAsErrors>");

        var output = await DotnetCommand.MustRun(project.Folder, "publish", "--nologo", "--use-current-runtime", "-o", "published");

        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
        var program = Path.Combine(project.Folder, "published", OperatingSystem.IsWindows() ? "app.exe" : "app");
        Assert.Equal("0.0900 0.2447 0.6652\n", await DotnetCommand.MustRunProgram(program, project.Folder));
    }

    [Fact]
    public async Task Numerics_Package_HasReadmeDocumentationAndNoMLNet()
    {
        using var package = ZipFile.OpenRead(feed.FileOf("MLNet.Softmax.Numerics"));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains("lib/net10.0/MLNet.Softmax.Numerics.xml", files);
        Assert.True(File.Exists(feed.FileOf("MLNet.Softmax.Numerics", "snupkg")));
        using var nuspec = new StreamReader(package.GetEntry("MLNet.Softmax.Numerics.nuspec")!.Open());
        var text = await nuspec.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("<license type=\"expression\">MIT</license>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.ML", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluation_InstalledInAnEmptyProject_EvaluatesArraysWithoutMLNet()
    {
        var project = new EmptyProject(feed).Write("MLNet.Softmax.Evaluation", """
            using MLNet.Softmax.Evaluation;
            using MLNet.Softmax.Numerics.Metrics;

            float[] probabilities = [0.7f, 0.2f, 0.1f, 0.1f, 0.8f, 0.1f, 0.3f, 0.3f, 0.4f, 0.6f, 0.3f, 0.1f];
            int[] labels = [0, 1, 2, 1];
            var evaluator = new ProbabilityEvaluator(["cat", "dog", "yak"]);
            evaluator.Add(new ProbabilityBlock(probabilities, classCount: 3, labels));
            ProbabilityMetrics metrics = evaluator.ToMetrics();
            metrics.SaveReport("report.html");
            Console.WriteLine(FormattableString.Invariant($"{metrics.MicroAccuracy:F2} {new FileInfo("report.html").Length > 10_000}"));
            """);

        Assert.Equal("0.75 True\n", await project.Run());
        Assert.Empty(Directory.GetFiles(project.Folder, "Microsoft.ML*.dll", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Softmax_InstalledInAnEmptyProject_RunsTheFirstExampleOfReadme() =>
        Assert.Equal(FirstExample.Output, await new EmptyProject(feed).Write("MLNet.Softmax", FirstExample.Code, Invariant).Run());

    /// <summary>The files of tests/ReadmeExamples, from which the other blocks of README come.</summary>
    [Fact]
    public async Task Softmax_InstalledInAnEmptyProject_RunsEveryOtherExampleOfReadme()
    {
        var project = new EmptyProject(feed).Write(
            "MLNet.Softmax", "global using Xunit;\n",
            "<TreatWarningsAsErrors>true</TreatWarningsAsErrors><UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>",
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
