using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>A console project in an empty folder, far from this repository's settings, beside a folder of packages made here.</summary>
internal sealed class EmptyProject : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mlnet-softmax-package-").FullName;

    public EmptyProject()
    {
        Folder = Directory.CreateDirectory(Path.Combine(_root, "app")).FullName;
        Feed = Directory.CreateDirectory(Path.Combine(_root, "feed")).FullName;
    }

    public string Folder { get; }

    public string Feed { get; }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Packs a project of this repository into the folder of packages.</summary>
    public async Task Pack(string project) =>
        await DotnetCommand.MustRun(Repository.Root, "pack", $"src/{project}", "-o", Feed, "--nologo");

    /// <summary>Writes the project with a reference to the package just made and <paramref name="program"/> as its only source.</summary>
    public void Write(string package, string program, string properties = "")
    {
        var version = Path.GetFileNameWithoutExtension(Directory.GetFiles(Feed, $"{package}.?.*.nupkg").Single())[(package.Length + 1)..];
        // Its own packages folder: a version that is packed again must not be found in a cache.
        File.WriteAllText(Path.Combine(Folder, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <InvariantGlobalization>true</InvariantGlobalization>
                <UseArtifactsOutput>false</UseArtifactsOutput>
                <RestoreAdditionalProjectSources>$(RestoreAdditionalProjectSources);{Feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(_root, "packages")}</RestorePackagesPath>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(Folder, "Program.cs"), program);
    }
}
