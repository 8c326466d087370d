using System.Globalization;
using System.Runtime.InteropServices;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>The packages of this repository, packed once, and a cache in which no version from elsewhere can be found.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    /// <summary>The collection of tests that build projects of this repository, which must not build at the same time.</summary>
    public const string OneAtATime = "dotnet, one at a time";

    private static readonly string[] Projects =
        ["MLNet.Softmax.Numerics", "MLNet.Softmax.Evaluation", "MLNet.Softmax", "MLNet.Softmax.Tool"];

    private readonly string root = Directory.CreateTempSubdirectory("mlnet-softmax-packages-").FullName;

    internal string Folder => Path.Combine(root, "feed");

    internal string Cache => Path.Combine(root, "cache");

    /// <summary>Lets any restore find the packages, in the cache of this feed.</summary>
    internal KeyValuePair<string, string>[] Environment => [new("RestoreAdditionalProjectSources", Folder), new("NUGET_PACKAGES", Cache)];

    public async ValueTask InitializeAsync()
    {
        foreach (var project in Projects)
            await DotnetCommand.MustRun(Repository.Root, ["pack", $"src/{project}", "-o", Folder, "--nologo", .. OptionsOf(project)]);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The packed file of a project; with symbols if <paramref name="extension"/> is snupkg.</summary>
    internal string FileOf(string package, string extension = "nupkg") => Directory.GetFiles(Folder, $"{package}.*.{extension}")
        .Single(file => char.IsAsciiDigit(Path.GetFileName(file)[package.Length + 1]));

    internal string VersionOf(string package) => Path.GetFileNameWithoutExtension(FileOf(package))[(package.Length + 1)..];

    /// <summary>The platform of this machine, if releases of the tool have compiled code for it.</summary>
    internal static string? ToolPlatform => RuntimeInformation.RuntimeIdentifier is
        "linux-x64" or "linux-arm64" or "osx-arm64" or "win-x64" ? RuntimeInformation.RuntimeIdentifier : null;

    private static string[] OptionsOf(string project) =>
        project == "MLNet.Softmax.Tool" && ToolPlatform is { } platform ? [$"-p:ToolPlatform={platform}"] : [];

    /// <summary>An empty folder beside the packages, gone with them.</summary>
    internal string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(root, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture))).FullName;
}

[CollectionDefinition(PackageFeed.OneAtATime)]
public sealed class OneAtATimeCollection : ICollectionFixture<PackageFeed>;
