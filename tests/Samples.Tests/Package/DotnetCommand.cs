using System.Diagnostics;
using MLNet.Softmax.TestSupport;

namespace MLNet.Softmax.Samples.Tests.Package;

/// <summary>Runs the dotnet command line, and programs made with it, and keeps what they print.</summary>
internal static class DotnetCommand
{
    public static Task<string> MustRun(string folder, params string[] arguments) => MustRunProgram("dotnet", folder, arguments);

    public static Task<(int ExitCode, string Output)> Run(string folder, params string[] arguments) =>
        RunProgram("dotnet", folder, arguments, []);

    public static Task<string> MustRunProgram(string program, string folder, params string[] arguments) =>
        MustRunProgram(program, folder, arguments, []);

    /// <summary>Runs a program that must succeed; what it prints.</summary>
    public static async Task<string> MustRunProgram(
        string program, string folder, string[] arguments, KeyValuePair<string, string>[] environment)
    {
        var (exitCode, output) = await RunProgram(program, folder, arguments, environment);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    public static bool IsOnPath(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<(int ExitCode, string Output)> RunProgram(
        string program, string folder, string[] arguments, KeyValuePair<string, string>[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // As in SampleProcess.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
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
