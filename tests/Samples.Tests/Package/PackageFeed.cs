using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MLNet.Softmax.TestSupport;

[assembly: AssemblyFixture(typeof(MLNet.Softmax.Samples.Tests.Package.PackageFeed))]

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>
/// The packages of this repository, packed once, when a test first needs them; and a cache in which no version from elsewhere can be found.
/// </summary>
public sealed class PackageFeed : IDisposable
{
    /// <summary>The collection of tests that build projects of this repository, which must not build at the same time.</summary>
    public const string OneAtATime = "dotnet, one at a time";

    private static readonly string[] Projects =
        ["MLNet.Softmax.Numerics", "MLNet.Softmax.Evaluation", "MLNet.Softmax.Analyzers", "MLNet.Softmax", "MLNet.Softmax.Tool"];

    private readonly string root = Directory.CreateTempSubdirectory("mlnet-softmax-packages-").FullName;
    private readonly Lazy<Task> packing;

    public PackageFeed() => packing = new(Pack);

    internal string Folder => Path.Combine(root, "feed");

    internal string Cache => Path.Combine(root, "cache");

    /// <summary>
    /// Where packages of others are found unpacked: the cache of this computer, unless it has a version of these packages from elsewhere.
    /// </summary>
    internal static string Unpacked { get; } = UnpackedFolder();

    /// <summary>Lets any restore find the packages, in the cache of this feed.</summary>
    internal KeyValuePair<string, string>[] Environment =>
    [
        new("RestoreAdditionalProjectSources", Folder), new("NUGET_PACKAGES", Cache), new("RestoreFallbackFolders", Unpacked),
    ];

    internal Task Packed() => packing.Value;

    private async Task Pack()
    {
        var solution = Path.Combine(Repository.Root, "MLNet.Softmax.sln");
        var projects = Projects.Select(project => Path.Combine("src", project, $"{project}.csproj"));
        var filter = Path.Combine(root, "packages.slnf");
        File.WriteAllText(filter, JsonSerializer.Serialize(new { solution = new { path = solution, projects } }));
        // The analyzers have run in the build that precedes the tests.
        await DotnetCommand.MustRun(Repository.Root, "pack", filter, "-c", "Release", "-o", Folder, "--nologo", "-p:RunAnalyzers=false",
            $"-p:ToolPlatform={ToolPlatform}");
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>The packed file of a project; with symbols if <paramref name="extension"/> is snupkg.</summary>
    internal string FileOf(string package, string extension = "nupkg") => Directory.GetFiles(Folder, $"{package}.*.{extension}")
        .Single(file => char.IsAsciiDigit(Path.GetFileName(file)[package.Length + 1]));

    internal string VersionOf(string package) => Path.GetFileNameWithoutExtension(FileOf(package))[(package.Length + 1)..];

    /// <summary>The platform of this machine, if releases of the tool have compiled code for it.</summary>
    internal static string? ToolPlatform => RuntimeInformation.RuntimeIdentifier is
        "linux-x64" or "linux-arm64" or "osx-arm64" or "win-x64" ? RuntimeInformation.RuntimeIdentifier : null;

    private static string UnpackedFolder()
    {
        var folder = System.Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } moved ? moved
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Directory.Exists(folder) && Directory.GetDirectories(folder, "mlnet.softmax*").Length == 0 ? folder : "";
    }

    /// <summary>An empty folder beside the packages, gone with them.</summary>
    internal string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(root, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture))).FullName;
}

/// <summary>Waits until the packages are there.</summary>
public sealed class PackedFeed(PackageFeed feed) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await feed.Packed();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

[CollectionDefinition(PackageFeed.OneAtATime)]
public sealed class OneAtATimeCollection : ICollectionFixture<PackedFeed>;
