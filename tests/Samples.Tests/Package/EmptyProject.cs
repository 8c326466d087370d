using System.Xml.Linq;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>A console project in an empty folder, far from this repository's settings, that references packages made here.</summary>
internal sealed class EmptyProject(PackageFeed feed)
{
    /// <summary>The folder of the project.</summary>
    public string Folder { get; } = feed.NewFolder();

    /// <summary>Writes the project with a reference to a package just made, and its only source.</summary>
    /// <param name="package">The package.</param>
    /// <param name="program">The source, or the name of a file in Package/Apps.</param>
    /// <param name="properties">More properties of the project.</param>
    /// <param name="more">More packages: of this repository, in the versions that it uses, or the framework of ASP.NET.</param>
    /// <param name="language">The extension of the language: cs, fs or vb.</param>
    public EmptyProject Write(string package, string program, string properties = "", string[]? more = null, string language = "cs")
    {
        string[] packages = [package, .. more ?? []];
        var references = packages.Select(name => name == "Microsoft.AspNetCore.App"
            ? $"""<FrameworkReference Include="{name}" />"""
            : $"""<PackageReference Include="{name}" Version="{VersionOf(name)}" />""");
        File.WriteAllText(Path.Combine(Folder, $"app.{language}proj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <AssemblyName>app</AssemblyName>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseArtifactsOutput>false</UseArtifactsOutput>
                <RestoreAdditionalProjectSources>$(RestoreAdditionalProjectSources);{feed.Folder}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{feed.Cache}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageFeed.Unpacked}</RestoreFallbackFolders>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", references)}
                <Compile Include="Program.fs" Condition="'$(MSBuildProjectExtension)' == '.fsproj'" />
              </ItemGroup>
            </Project>
            """);
        var app = Path.Combine(Repository.Root, "tests", "Samples.Tests", "Package", "Apps", program);
        File.WriteAllText(Path.Combine(Folder, $"Program.{language}"), program.Contains('\n') ? program : File.ReadAllText(app));
        return this;
    }

    /// <summary>Builds and runs the program; what it prints.</summary>
    public Task<string> Run(params string[] arguments) => DotnetCommand.MustRun(Folder, ["run", "--", .. arguments]);

    private string VersionOf(string package) =>
        package.StartsWith("MLNet.", StringComparison.Ordinal) ? feed.VersionOf(package) : CentralVersion(package);

    private static string CentralVersion(string package) =>
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .Single(version => version.Attribute("Include")!.Value == package).Attribute("Version")!.Value;
}
