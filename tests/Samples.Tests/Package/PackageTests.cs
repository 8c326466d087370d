using System.IO.Compression;

namespace MLNet.Softmax.Samples.Tests.Package;

[Collection(DotnetCommand.OneAtATime)]
public sealed class PackageTests
{
    private const string Numbers = """
        using MLNet.Softmax.Numerics;

        float[] probabilities = new float[3];
        Softmax.Compute([1000, 1001, 1002], probabilities);
        Console.WriteLine(string.Join(" ", probabilities.Select(p => p.ToString("F4"))));
        """;

    [Fact]
    public async Task Numerics_PackedAndInstalledInAnEmptyProject_Runs()
    {
        using var project = new EmptyProject();
        await project.Pack("MLNet.Softmax.Numerics");
        project.Write("MLNet.Softmax.Numerics", Numbers);

        Assert.Equal("0.0900 0.2447 0.6652\n", await DotnetCommand.MustRun(project.Folder, "run"));
    }

    [Fact]
    public async Task Numerics_PublishedAheadOfTime_RunsWithoutWarnings()
    {
        using var project = new EmptyProject();
        await project.Pack("MLNet.Softmax.Numerics");
        project.Write(
            "MLNet.Softmax.Numerics", Numbers, "<PublishAot>true</PublishAot><TreatWarningsAsErrors>true</TreatWarningsAsErrors>");

        var (exitCode, output) =
            await DotnetCommand.Run(project.Folder, "publish", "--nologo", "-o", Path.Combine(project.Folder, "published"));

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("warning", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numerics_Package_HasReadmeDocumentationAndNoMLNet()
    {
        using var project = new EmptyProject();
        await project.Pack("MLNet.Softmax.Numerics");

        using var package = ZipFile.OpenRead(Directory.GetFiles(project.Feed, "*.nupkg").Single());
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("README.md", files);
        Assert.Contains("lib/net10.0/MLNet.Softmax.Numerics.xml", files);
        Assert.Single(Directory.GetFiles(project.Feed, "*.snupkg"));
        using var nuspec = new StreamReader(package.GetEntry("MLNet.Softmax.Numerics.nuspec")!.Open());
        var text = await nuspec.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("<license type=\"expression\">MIT</license>", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.ML", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Softmax_InstalledInAnEmptyProject_RunsTheFirstExampleOfReadme()
    {
        using var project = new EmptyProject();
        await project.Pack("MLNet.Softmax.Numerics");
        await project.Pack("MLNet.Softmax");
        project.Write("MLNet.Softmax", FirstExample.Code);

        Assert.Equal(FirstExample.Output, await DotnetCommand.MustRun(project.Folder, "run"));
    }
}
