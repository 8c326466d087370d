using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>What a gallery shows of the packages, and what a compiler loads from them.</summary>
[Collection(PackageFeed.OneAtATime)]
public sealed partial class PackageContentTests(PackageFeed feed)
{
    private const string Softmax = "MLNet.Softmax", Evaluation = "MLNet.Softmax.Evaluation", Numerics = "MLNet.Softmax.Numerics";

    [Theory]
    [InlineData(Softmax, "Needs .NET 10 and Microsoft.ML 5.0.1 or later.")]
    [InlineData(Evaluation, "Needs .NET 10.")]
    [InlineData(Numerics, "Needs .NET 10.")]
    public void Package_SaysWhatItIsAndNeeds(string package, string needs)
    {
        using var file = ZipFile.OpenRead(feed.FileOf(package));
        var metadata = XDocument.Parse(ReadText(file, $"{package}.nuspec")).Root!.Elements().Single();
        string Of(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";

        Assert.EndsWith(needs, Of("description"), StringComparison.Ordinal);
        Assert.Equal(["MIT", "icon.png", "README.md"], [Of("license"), Of("icon"), Of("readme")]);
        Assert.Contains("machine-learning", Of("tags").Split(' '));
        Assert.StartsWith("The first version.\n\n- ", Of("releaseNotes").ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, "src", "icon.png")), ReadBytes(file, "icon.png"));
        Assert.NotNull(file.GetEntry($"lib/net10.0/{package}.xml"));
        Assert.True(File.Exists(feed.FileOf(package, "snupkg")));
        Assert.Equal(package == Softmax, metadata.Descendants().Any(element => (string?)element.Attribute("id") == "Microsoft.ML"));
    }

    [Theory]
    [InlineData(Softmax, "README.md")]
    [InlineData(Evaluation, "src/MLNet.Softmax.Evaluation/README.md")]
    [InlineData(Numerics, "src/MLNet.Softmax.Numerics/README.md")]
    public void Readme_IsThatOfTheProject_WithoutLinksIntoTheRepository(string package, string original)
    {
        using var file = ZipFile.OpenRead(feed.FileOf(package));

        var packed = ReadText(file, "README.md");

        Assert.Equal(Title(File.ReadAllText(Path.Combine(Repository.Root, original))), Title(packed));
        Assert.DoesNotMatch(RelativeLink(), packed);
    }

    /// <summary>This repository need not have a remote, so the target that reads it is told one.</summary>
    [Fact]
    public async Task RepositoryWithARemote_IsNamedAndLinkedTo()
    {
        var folder = feed.NewFolder();

        var output = await DotnetCommand.MustRun(
            Repository.Root, "msbuild", "src/MLNet.Softmax", "-t:DescribePackage",
            "-p:PrivateRepositoryUrl=https://github.com/owner/name.git", $"-p:PackedReadme={Path.Combine(folder, "README.md")}",
            "-getProperty:PackageProjectUrl,SourceRevisionId");

        var properties = JsonDocument.Parse(output).RootElement.GetProperty("Properties");
        Assert.Equal("https://github.com/owner/name", properties.GetProperty("PackageProjectUrl").GetString());
        var packed = await File.ReadAllTextAsync(Path.Combine(folder, "README.md"), TestContext.Current.CancellationToken);
        var commit = properties.GetProperty("SourceRevisionId").GetString();
        Assert.Contains($"(https://github.com/owner/name/blob/{commit}/CHANGELOG.md)", packed, StringComparison.Ordinal);
        Assert.DoesNotMatch(RelativeLink(), packed);
    }

    /// <summary>A compiler brings its own Roslyn and what belongs to it. It loads nothing that was built for a later one.</summary>
    [Fact]
    public void Analyzers_ReferenceNothingLaterThanTheOldestCompilerTheySupport()
    {
        using var file = ZipFile.OpenRead(feed.FileOf(Softmax));
        using var assembly = new PEReader(new MemoryStream(ReadBytes(file, "analyzers/dotnet/cs/MLNet.Softmax.Analyzers.dll")));
        var metadata = assembly.GetMetadataReader();
        var references = metadata.AssemblyReferences.Select(metadata.GetAssemblyReference)
            .ToDictionary(reference => metadata.GetString(reference.Name), reference => reference.Version);

        Assert.Equal(new Version(4, 14, 0, 0), references["Microsoft.CodeAnalysis"]);
        Assert.Equal(new Version(9, 0, 0, 0), references["System.Composition.AttributedModel"]);
        Assert.All(references.Values, version => Assert.True(version <= new Version(9, 0, 0, 0), string.Join(", ", references)));
    }

    private static string Title(string markdown) => markdown.Split('\n')[0].TrimEnd();

    private static string ReadText(ZipArchive file, string name)
    {
        using var reader = new StreamReader(file.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static byte[] ReadBytes(ZipArchive file, string name)
    {
        using var stream = file.GetEntry(name)!.Open();
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    [GeneratedRegex(@"\]\((?!https://|#)")]
    private static partial Regex RelativeLink();
}
