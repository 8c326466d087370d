using System.Diagnostics;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>Runs the dotnet command line, and programs made with it, and keeps what they print.</summary>
internal static class DotnetCommand
{
    public static Task<(int ExitCode, string Output)> Run(string folder, params string[] arguments) => Run("dotnet", folder, arguments);

    public static async Task<string> MustRun(string folder, params string[] arguments) => await MustRun("dotnet", folder, arguments);

    /// <summary>Runs a program that must succeed; what it prints.</summary>
    /// <param name="program">The program.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="language">What it finds in the environment as the user's language, e.g. de_DE.UTF-8; null for this process's.</param>
    public static async Task<string> MustRun(string program, string folder, string[] arguments, string? language = null)
    {
        var (exitCode, output) = await Run(program, folder, arguments, language);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    private static async Task<(int ExitCode, string Output)> Run(string program, string folder, string[] arguments, string? language = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        if (language is not null)
            start.Environment["LC_ALL"] = language;
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
}
