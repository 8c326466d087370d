using System.Diagnostics;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>Runs the dotnet command line and keeps what it prints.</summary>
internal static class DotnetCommand
{
    /// <summary>The collection of tests that build projects of this repository, which must not build at the same time.</summary>
    public const string OneAtATime = "dotnet, one at a time";

    public static async Task<(int ExitCode, string Output)> Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // What the process that runs the tests tells MSBuild is about that
        // process, and where this repository builds is about this repository.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            || (folder != Repository.Root && name is ("ArtifactsPath" or "UseArtifactsOutput" or "DefaultItemExcludes"))).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output + await errors).ReplaceLineEndings("\n"));
    }

    public static async Task<string> MustRun(string folder, params string[] arguments)
    {
        var (exitCode, output) = await Run(folder, arguments);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }
}
